package ginkgopytest_test

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/onsi/ginkgo/v2/types"
	. "github.com/onsi/gomega"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
)

// verdict is what raw pytest and the bridge have to agree on.
type verdict struct {
	green bool
	// tests are passed, failed or skipped, by node id.
	tests map[string]string
}

func (v verdict) count() map[string]int {
	counts := map[string]int{}
	for _, state := range v.tests {
		counts[state]++
	}
	return counts
}

// rawReport is a report of pytest as the recorder keeps it.
type rawReport struct {
	NodeID, When, Outcome string
	XFail                 bool
}

// state is what a report means for a spec.
func (r rawReport) state() string {
	switch {
	case r.Outcome == "failed" && !r.XFail:
		return "failed"
	case r.XFail || r.Outcome == "passed":
		return "passed"
	case r.Outcome == "skipped":
		return "skipped"
	}
	// The word of a plugin.
	return ""
}

// casesPython is the interpreter with the plugins that the projects use.
func casesPython(t *testing.T) string {
	t.Helper()
	if python := os.Getenv("CASES_PYTHON"); python != "" {
		return python
	}
	python, err := filepath.Abs(filepath.Join("..", "..", ".venv-cases", "bin", "python"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(python); err != nil {
		t.Skip("no CASES_PYTHON and no .venv-cases: run `make setup`")
	}
	return python
}

// raw runs pytest without the bridge's plugin. A node id has the worst of its
// reports, and is skipped when the word of a plugin is the last one on a phase.
func raw(t *testing.T, python, dir, workers string, args, env []string) verdict {
	t.Helper()
	record := filepath.Join(t.TempDir(), "record.json")
	recorder, err := filepath.Abs(filepath.Join("testdata", "recorder", "verdict_recorder.py"))
	if err != nil {
		t.Fatal(err)
	}
	arguments := append([]string{recorder, "-q", "-p", "no:ginkgo", "-p", "xdist", "-n", workers}, args...)
	command := exec.CommandContext(patient(t), python, arguments...)
	command.Dir = dir
	command.Env = append(append(os.Environ(), env...), "RECORD="+record)
	output, err := command.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	text, err := os.ReadFile(record)
	if err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	var reports []rawReport
	NewWithT(t).Expect(json.Unmarshal(text, &reports)).To(Succeed())
	found := verdict{green: command.ProcessState.Success(), tests: map[string]string{}}
	rank := map[string]int{"": -1, "passed": 0, "skipped": 1, "failed": 2}
	undecided := map[string]string{}
	for _, each := range reports {
		state := each.state()
		if rank[state] > rank[found.tests[each.NodeID]] {
			found.tests[each.NodeID] = state
		}
		if state == "" {
			undecided[each.NodeID] = each.When
		} else if undecided[each.NodeID] == each.When {
			delete(undecided, each.NodeID)
		}
	}
	for nodeID := range undecided {
		if found.tests[nodeID] == "passed" {
			found.tests[nodeID] = "skipped"
		}
	}
	return found
}

// bridged runs the same with the bridge. What pytest itself did not run is left out.
func bridged(t *testing.T, n *nestedSuite) (verdict, nestedOutcome) {
	t.Helper()
	outcome := n.run()
	found := verdict{green: outcome.code == 0, tests: map[string]string{}}
	run, err := events.Read(filepath.Join(n.report, "events.jsonl"))
	if errors.Is(err, fs.ErrNotExist) {
		return found, outcome
	}
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	for _, spec := range run.Specs {
		if spec.NodeID != "" && !strings.HasPrefix(spec.Message, "pytest stopped before") {
			found.tests[spec.NodeID] = spec.State
		}
	}
	return found, outcome
}

// suiteFailure is what the suite itself says, beside its specs.
func (o nestedOutcome) suiteFailure() string {
	var found []string
	for _, spec := range o.suite.SpecReports {
		if spec.LeafNodeType.Is(types.NodeTypesForSuiteLevelNodes) && spec.State.Is(types.SpecStateFailureStates) {
			found = append(found, spec.Failure.Message)
		}
	}
	return strings.Join(found, "\n")
}

// copied is a project of testdata in a folder of its own, where pytest may leave caches.
func copied(t *testing.T, name string) string {
	t.Helper()
	dir := t.TempDir()
	NewWithT(t).Expect(os.CopyFS(dir, os.DirFS(filepath.Join("testdata", name)))).To(Succeed())
	return dir
}

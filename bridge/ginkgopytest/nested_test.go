package ginkgopytest_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/onsi/ginkgo/v2/types"
	. "github.com/onsi/gomega"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/internal/logtest"
)

// TestMain removes the binary that nested suites share.
func TestMain(m *testing.M) {
	code := m.Run()
	if path, err := nestedBinary(); err == nil && path != "" {
		_ = os.RemoveAll(filepath.Dir(path))
	}
	os.Exit(code)
}

var nestedBinary = sync.OnceValues(func() (string, error) {
	folder, err := os.MkdirTemp("", "ginkgopytest-nested-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(folder, "nested.test")
	return path, exec.Command("go", "test", "-c", "-o", path, "./testdata/nested").Run()
})

// nestedSuite is the suite of testdata/nested for a project, in a process.
type nestedSuite struct {
	t               *testing.T
	project, report string
	json            string
	env             []string
}

type nestedOutcome struct {
	code   int
	output string
	// specs are by text, without the nodes of the suite itself.
	specs map[string]types.SpecReport
	suite types.Report
}

func nest(t *testing.T, name string) *nestedSuite {
	t.Helper()
	suite := project(t, name, "2")
	folder := t.TempDir()
	n := &nestedSuite{
		t: t, project: suite.Dir, report: filepath.Join(folder, "report"), json: filepath.Join(folder, "ginkgo.json"),
		env: append(os.Environ(), suite.Env...),
	}
	n.set("NESTED_PYTHON", suite.Python)
	n.set("NESTED_PROJECT", suite.Dir)
	n.set("NESTED_REPORT", n.report)
	n.set("NESTED_WORKERS", "2")
	t.Cleanup(n.checkLog)
	return n
}

// checkLog holds what the suite wrote against the schema, if it came to a log.
func (n *nestedSuite) checkLog() {
	log := filepath.Join(n.report, "events.jsonl")
	if _, err := os.Stat(log); err == nil {
		logtest.Valid(n.t, log)
	}
}

func (n *nestedSuite) set(name, value string) { n.env = append(n.env, name+"="+value) }

func (n *nestedSuite) command(args ...string) *exec.Cmd {
	n.t.Helper()
	binary, err := nestedBinary()
	if err != nil {
		n.t.Fatal(err)
	}
	args = append([]string{"-ginkgo.json-report=" + n.json, "-ginkgo.no-color"}, args...)
	command := exec.CommandContext(patient(n.t), binary, args...)
	command.Env = n.env
	command.Dir = filepath.Join("testdata", "nested")
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	return command
}

func (n *nestedSuite) run(args ...string) nestedOutcome {
	n.t.Helper()
	output := &bytes.Buffer{}
	command := n.command(args...)
	command.Stdout, command.Stderr = output, output
	_ = command.Run() // The exit code is part of the outcome.
	return n.outcome(command, output.String())
}

func (n *nestedSuite) outcome(command *exec.Cmd, output string) nestedOutcome {
	n.t.Helper()
	outcome := nestedOutcome{code: command.ProcessState.ExitCode(), output: output, specs: map[string]types.SpecReport{}}
	text, err := os.ReadFile(n.json)
	if err != nil {
		n.t.Fatalf("%v\n%s", err, output)
	}
	var reports []types.Report
	NewWithT(n.t).Expect(json.Unmarshal(text, &reports)).To(Succeed())
	outcome.suite = reports[0]
	for _, spec := range outcome.suite.SpecReports {
		if spec.LeafNodeType == types.NodeTypeIt {
			outcome.specs[spec.FullText()] = spec
		}
	}
	return outcome
}

func (o nestedOutcome) states() map[string]types.SpecState {
	states := map[string]types.SpecState{}
	for text, spec := range o.specs {
		states[text] = spec.State
	}
	return states
}

func (o nestedOutcome) ran() []string {
	var texts []string
	for text, spec := range o.specs {
		if spec.State != types.SpecStateSkipped {
			texts = append(texts, text)
		}
	}
	return texts
}

func flags(text string) []string { return strings.Fields(text) }

func goPath(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("go")
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// goCommand returns what the go command complains of; downloads are no complaint.
func goCommand(t *testing.T, args ...string) string {
	t.Helper()
	output, err := exec.CommandContext(patient(t), goPath(t), args...).CombinedOutput()
	if err == nil {
		return ""
	}
	return err.Error() + ": " + string(output)
}

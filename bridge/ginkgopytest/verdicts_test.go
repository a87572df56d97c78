package ginkgopytest_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/onsi/ginkgo/v2/types"
	. "github.com/onsi/gomega"
	. "github.com/onsi/gomega/gstruct"
	gomegatypes "github.com/onsi/gomega/types"
)

// trial is a project on which raw pytest and the bridge must agree.
type trial struct {
	project string
	workers string
	args    []string
	env     []string
	// timeout is TestTimeout.
	timeout string
	// renamed is the new name of a file of the project.
	renamed map[string]string
	// counts are what raw pytest says, so that a project which does nothing is noticed.
	counts map[string]int
	green  bool
	// extra are what the run collected and the first collection did not.
	extra map[string]string
	// late are the tests that fail when their specs have passed.
	late []string
	// suite is what the suite itself says.
	suite gomegatypes.GomegaMatcher
	// ungrouped says that raw pytest's node ids have loadgroup's groups.
	ungrouped bool
}

func (c trial) name() string {
	words := append([]string{c.project, "n" + c.workers}, append(c.args, c.env...)...)
	if len(c.renamed) > 0 {
		words = append(words, "renamed")
	}
	if c.timeout != "" {
		words = append(words, c.timeout)
	}
	return strings.NewReplacer("/", "_", " ", "_").Replace(strings.Join(words, " "))
}

type counts = map[string]int

var trials = []trial{
	{project: "twice", workers: "2", counts: counts{"failed": 1, "passed": 1}},
	{project: "twice", workers: "0", counts: counts{"failed": 1, "passed": 1}},
	{project: "twice", workers: "2", args: []string{"--dist", "each"}, counts: counts{"failed": 1, "passed": 1}},
	{project: "split", workers: "2", args: []string{"--splits", "2", "--group", "1"}, counts: counts{"failed": 1, "passed": 5}},
	{project: "split", workers: "0", args: []string{"--splits", "3", "--group", "3"}, counts: counts{"failed": 1, "passed": 3}},
	{project: "split", workers: "2", args: []string{"--dist", "each"}, counts: counts{"failed": 2, "passed": 10}},
	{project: "retried", workers: "2", counts: counts{"failed": 4, "passed": 3}},
	{project: "retried", workers: "0", counts: counts{"failed": 4, "passed": 3}},
	{project: "quarantine", workers: "2", green: true, counts: counts{"skipped": 1, "passed": 1}},
	{project: "clocks", workers: "2", counts: counts{"failed": 1, "passed": 11}},
	{project: "clocks", workers: "0", counts: counts{"failed": 1, "passed": 11}},
	{project: "clocks", workers: "2", timeout: "20s", counts: counts{"failed": 1, "passed": 11}},
	{project: "clocks", workers: "0", timeout: "20s", args: []string{"-p", "no:timeout"}, counts: counts{"failed": 1, "passed": 11}},
	{project: "mocks", workers: "0", counts: counts{"failed": 1, "passed": 31}},
	{project: "rows", workers: "0", counts: counts{"failed": 10, "passed": 21}},
	{project: "rows", workers: "0", renamed: map[string]string{"odd.json": "odd\xff.json"}, counts: counts{"failed": 10, "passed": 21}},
	{project: "stops", workers: "2", args: []string{"-x"}},
	{project: "stops", workers: "0", args: []string{"-x"}, counts: counts{"failed": 1, "passed": 2}},
	{project: "stops", workers: "0", args: []string{"--maxfail=1"}, counts: counts{"failed": 1, "passed": 2}},
	{project: "stops", workers: "0", args: []string{"--sw", "-o", "cache_dir=.cache-sw"}, counts: counts{"failed": 1, "passed": 2}},
	{project: "stops", workers: "0", env: []string{"STOP=should-stop"}, counts: counts{"passed": 3},
		suite: ContainSubstring("enough for today")},
	{project: "shaped", workers: "2", counts: counts{"failed": 2, "passed": 3}},
	{project: "shaped", workers: "0", counts: counts{"failed": 2, "passed": 3}},
	{project: "subtests", workers: "2", counts: counts{"failed": 3, "passed": 4}},
	{project: "subtests", workers: "0", counts: counts{"failed": 3, "passed": 4}},
	{project: "groups", workers: "2", args: []string{"--dist", "loadgroup"}, counts: counts{"failed": 3, "passed": 8}, ungrouped: true},
	{project: "loops", workers: "1", args: []string{"--dist", "loadfile"}, counts: counts{"failed": 1}},
	{project: "loops", workers: "1", args: []string{"--dist", "loadscope"}, counts: counts{"failed": 1}},
	{project: "timeouts", workers: "2", counts: counts{"failed": 2, "passed": 2}},
	{project: "timeouts", workers: "0", args: []string{"--timeout=20"}, counts: counts{"failed": 2, "passed": 2}},
	{project: "leaves", workers: "2", green: true, counts: counts{"passed": 1}},
	{project: "leaves", workers: "0", env: []string{"LEAVE_WITH=7"}, counts: counts{"passed": 1}, suite: ContainSubstring("exit status 7")},
	{project: "late", workers: "2", counts: counts{"passed": 1, "failed": 1}, late: []string{"test_late.py::test_leaks"}, suite: ContainSubstring("found a leak of test_leaks")},
	{project: "errors", workers: "2", args: []string{"-p", "no:cacheprovider"}, counts: counts{"failed": 1, "passed": 1}},
	{project: "errors", workers: "0", args: []string{"--continue-on-collection-errors"}, counts: counts{"failed": 1, "passed": 1}},
	{project: "errors", workers: "0", counts: counts{}},
	{project: "workers_only", workers: "2", counts: counts{"failed": 1, "passed": 2},
		extra: map[string]string{"test_workers_only.py::test_worker[1]": "failed", "test_workers_only.py::test_every_run": "passed"},
		suite: ContainSubstring("test_workers_only.py::test_worker[1], which only the run collected: failed")},
	{project: "split", workers: "2", env: []string{"PYTEST_DISABLE_PLUGIN_AUTOLOAD=1"}, counts: counts{"failed": 2, "passed": 10}},
}

func TestTheBridgesVerdictIsThatOfRawPytest(t *testing.T) {
	t.Parallel()
	for _, c := range trials {
		t.Run(c.name(), func(t *testing.T) {
			t.Parallel()
			n, expected := c.nest(t)
			seen, outcome := bridged(t, n)
			g := NewWithT(t)
			if c.counts != nil {
				g.Expect(expected.count()).To(Equal(c.counts), "raw pytest")
			}
			g.Expect(expected.green).To(Equal(c.green), "raw pytest")
			for nodeID, state := range c.extra {
				g.Expect(expected.tests).To(HaveKeyWithValue(nodeID, state), "raw pytest")
				delete(expected.tests, nodeID)
			}
			for _, nodeID := range c.late {
				g.Expect(expected.tests).To(HaveKeyWithValue(nodeID, "failed"), "raw pytest")
				expected.tests[nodeID] = "passed"
			}
			g.Expect(seen.green).To(Equal(expected.green), outcome.output)
			if c.counts == nil {
				// How far the other worker comes before pytest stops is chance.
				g.Expect(seen.count()).To(HaveKeyWithValue("failed", expected.count()["failed"]), outcome.output)
				return
			}
			g.Expect(seen.tests).To(Equal(expected.tests), outcome.output)
			if c.suite == nil {
				c.suite = BeEmpty()
			}
			g.Expect(outcome.suiteFailure()).To(c.suite, outcome.output)
		})
	}
}

// nest runs raw pytest, and prepares the bridge, on copies of the project.
func (c trial) nest(t *testing.T) (*nestedSuite, verdict) {
	t.Helper()
	python, source := casesPython(t), filepath.Join("verdicts", c.project)
	expected := raw(t, python, c.copied(t, source), c.workers, c.args, c.env)
	if c.ungrouped {
		for nodeID, state := range expected.tests {
			delete(expected.tests, nodeID)
			expected.tests[withoutGroup(nodeID)] = state
		}
	}
	n := nest(t, source)
	n.set("NESTED_PROJECT", c.copied(t, source))
	n.set("NESTED_TEST_TIMEOUT", c.timeout)
	n.set("NESTED_PYTHON", python)
	n.set("NESTED_WORKERS", c.workers)
	n.set("NESTED_TEARDOWN_TIME", "2m") // a busy machine is no hang
	n.set("NESTED_ARGS", strings.Join(c.args, " "))
	n.env = append(n.env, c.env...)
	return n, expected
}

// copied is the project with its files renamed, to what no repository could hold.
func (c trial) copied(t *testing.T, source string) string {
	t.Helper()
	dir := copied(t, source)
	for old, name := range c.renamed {
		NewWithT(t).Expect(os.Rename(filepath.Join(dir, old), filepath.Join(dir, name))).To(Succeed())
	}
	return dir
}

// withoutGroup undoes the groups of the project "groups".
func withoutGroup(nodeID string) string {
	for _, group := range []string{"a::b", "t[1]", "g@h_inner", "g@h"} {
		if plain, found := strings.CutSuffix(nodeID, "@"+group); found {
			return plain
		}
	}
	return nodeID
}

func TestTheCauseOfAStopIsNamed(t *testing.T) {
	t.Parallel()
	for stop, reason := range map[string]string{"interrupt": "KeyboardInterrupt", "exit": "pytest.exit: enough", "sigint": "KeyboardInterrupt"} {
		for _, workers := range []string{"0", "2"} {
			t.Run(fmt.Sprintf("%s n%s", stop, workers), func(t *testing.T) {
				t.Parallel()
				n, expected := trial{project: "stops", workers: workers, env: []string{"STOP=" + stop}}.nest(t)
				seen, outcome := bridged(t, n)
				g := NewWithT(t)
				g.Expect([]bool{expected.green, seen.green}).To(Equal([]bool{false, false}), outcome.output)
				cause := outcome.specs["test_stops.py test_number[2]"]
				g.Expect(cause.Failure.Message).To(ContainSubstring(reason), outcome.output)
				g.Expect(seen.count()).To(HaveKeyWithValue("failed", 1))
				if workers != "0" {
					return // The other worker may have run all that was left.
				}
				g.Expect(outcome.specs["test_stops.py test_number[19]"]).To(MatchFields(IgnoreExtras, Fields{
					"State":   Equal(types.SpecStateSkipped),
					"Failure": HaveField("Message", And(ContainSubstring("pytest stopped before"), ContainSubstring("test_stops.py::test_number[2]"))),
				}))
			})
		}
	}
}

func TestWhatTheRunDoesNotCollectFails(t *testing.T) {
	t.Parallel()
	n, _ := trial{project: "gone", workers: "2"}.nest(t)
	seen, _ := bridged(t, n)
	g := NewWithT(t)
	g.Expect(seen.green).To(BeFalse())
	g.Expect(seen.tests).To(Equal(map[string]string{"test_gone.py::test_there": "passed", "test_gone.py::test_gone": "failed"}))
}

package ginkgopytest_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest"
	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
)

// runAll runs every test of a project.
func runAll(t *testing.T, suite ginkgopytest.Suite) *ginkgopytest.Run {
	t.Helper()
	var nodeIDs []string
	for _, test := range collect(t, suite).Tests {
		nodeIDs = append(nodeIDs, test.NodeID)
	}
	return start(t, suite, nodeIDs...)
}

func TestAWorkerThatDiesFailsItsTestOnly(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	run := runAll(t, project(t, "deaths", "2"))
	for _, name := range []string{"test_exits", "test_segfaults", "test_killed"} {
		dead := wait(t, run, "tests/test_deaths.py::"+name)
		g.Expect(dead.Outcome).To(Equal("failed"), name)
		g.Expect(dead.Reason).To(ContainSubstring("crashed while running"), name)
		g.Expect(dead.Worker).To(HavePrefix("gw"), name)
	}
	segfault := wait(t, run, "tests/test_deaths.py::test_segfaults")
	g.Expect(segfault.Reason).To(And(ContainSubstring("Segmentation fault"), ContainSubstring("in test_segfaults")))
	g.Expect(wait(t, run, "tests/test_deaths.py::test_lives").Outcome).To(Equal("passed"))
	summary := done(t, run)
	g.Expect(summary.Finished).To(BeTrue())
	g.Expect([]int{summary.Passed, summary.Failed}).To(Equal([]int{1, 3}))
	g.Expect(run.Verify(patient(t))).To(Succeed())
}

func TestATestThatHangsFailsAtItsDeadlineAndTearsDown(t *testing.T) {
	t.Parallel()
	for name, tried := range map[string]struct {
		workers, plugin, said string
	}{
		"workers=0":                {"0", "no:timeout", "did not end within 1 s"},
		"workers=2":                {"2", "no:timeout", "did not end within 1 s"},
		"workers=2,pytest-timeout": {"2", "timeout", "Timeout (>1.0s) from pytest-timeout"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			state := t.TempDir()
			suite := project(t, "hangs", tried.workers)
			suite.Env = append(suite.Env, "STATE_DIR="+state)
			suite.Args = []string{"-p", tried.plugin}
			suite.TestTimeout = time.Second
			run := start(t, suite, hanging)
			result := wait(t, run, hanging)
			g.Expect(result.Outcome).To(Equal("failed"))
			g.Expect(result.Reason).To(And(ContainSubstring(tried.said), ContainSubstring("threading.Event().wait()")))
			path := filepath.Join(suite.Dir, "tests", "test_hangs.py")
			g.Expect(result.Path).To(Equal(path))
			g.Expect(result.Line).To(Equal(lineOf(t, path, `.replace(STATE / "pid")`) + 1))
			g.Expect(done(t, run).Finished).To(BeTrue())
			g.Expect(filepath.Join(state, "torn-down")).To(BeARegularFile())
		})
	}
}

func TestATestThatNothingStopsIsAbortedWithItsStacks(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	suite := project(t, "stubborn", "2")
	suite.TestTimeout, suite.TeardownTime = time.Second, time.Second
	run := runAll(t, suite)
	stubborn := wait(t, run, "tests/test_stubborn.py::test_stubborn")
	g.Expect(stubborn.Outcome).To(Equal("failed"))
	g.Expect(stubborn.Reason).To(And(ContainSubstring("crashed while running"), ContainSubstring("Fatal Python error: Aborted"), ContainSubstring("in test_stubborn")))
	g.Expect(wait(t, run, "tests/test_stubborn.py::test_polite").Outcome).To(Equal("passed"))
	g.Expect(done(t, run).Finished).To(BeTrue())
}

func TestARunThatNothingStopsEndsAtItsDeadline(t *testing.T) {
	t.Parallel()
	for _, workers := range []string{"0", "2"} {
		t.Run("workers="+workers, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			suite := project(t, "stubborn", workers)
			suite.RunTimeout, suite.TeardownTime = 10*time.Second, time.Second
			run := start(t, suite, "tests/test_stubborn.py::test_stubborn")
			result := wait(t, run, "tests/test_stubborn.py::test_stubborn")
			g.Expect(result.Outcome).To(Equal("failed"))
			g.Expect(result.Reason).To(Or(ContainSubstring("took longer than its 10s (RunTimeout)"), ContainSubstring("crashed while running")))
			g.Expect(result.Reason).To(ContainSubstring("in test_stubborn"))
			g.Expect(done(t, run).ExitCode).NotTo(BeZero())
		})
	}
}

func TestWorkersThatCollectOtherTestsFailTheRun(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	run := runAll(t, project(t, "differs", "2"))
	for _, name := range []string{"test_everywhere", "test_not_in_gw1"} {
		result := wait(t, run, "tests/test_differs.py::"+name)
		g.Expect(result.Outcome).To(Equal("failed"), name)
		g.Expect(result.Reason).To(And(ContainSubstring("could not collect gw"), ContainSubstring(`"end of the run" has the whole`)), name)
		g.Expect(len(result.Reason)).To(BeNumerically("<", 200), result.Reason)
	}
	err := run.Verify(patient(t))
	g.Expect(err).To(MatchError(And(ContainSubstring("Different tests were collected"), ContainSubstring("test_not_in_gw1"))))
	g.Expect(strings.Count(err.Error(), "Different tests were collected")).To(Equal(1))
	g.Expect(done(t, run).Passed).To(BeZero())
}

func TestOutputThatIsMuchOrNoTextIsKept(t *testing.T) {
	t.Parallel()
	for _, workers := range []string{"0", "2"} {
		t.Run("workers="+workers, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			run := runAll(t, project(t, "loud", workers))
			noText := wait(t, run, "tests/test_loud.py::test_bytes")
			g.Expect(noText.Outcome).To(Equal("failed"))
			g.Expect(noText.Sections).To(HaveLen(1))
			g.Expect(noText.Sections[0][1]).To(And(ContainSubstring("is no text"), ContainSubstring("is no character")))
			much := wait(t, run, "tests/test_loud.py::test_much")
			g.Expect(much.Reason).To(ContainSubstring("after ten megabytes"))
			printed := much.Sections[0][1]
			g.Expect(printed).To(And(HavePrefix("begin"), HaveSuffix("end\n"), ContainSubstring("bytes left out: the event log has them")))
			g.Expect(len(printed)).To(BeNumerically("<=", events.TextLimit))
			g.Expect(wait(t, run, "tests/test_loud.py::test_quiet").Outcome).To(Equal("passed"))
			g.Expect(done(t, run).Finished).To(BeTrue())
		})
	}
}

func TestAFullDiskPassesNoTestThatWasNotReported(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	suite := project(t, "full", "2")
	run := runAll(t, suite)
	failed := 0
	for _, test := range collect(t, suite).Tests {
		if result := wait(t, run, test.NodeID); result.Outcome != "passed" {
			failed++
			g.Expect(result.Reason).To(ContainSubstring("without reporting this test"))
		}
	}
	g.Expect(failed).To(BeNumerically(">", 0))
	summary := done(t, run)
	g.Expect(summary.Finished).To(BeFalse())
	g.Expect(summary.ExitCode).NotTo(BeZero())
}

func TestARunWithoutItsLastEventIsCutOff(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	suite := project(t, "outcomes", "0")
	dir := t.TempDir()
	run, err := suite.Start(dir, selecting(t, suite, outcomes+"test_pass"))
	g.Expect(err).NotTo(HaveOccurred())
	done(t, run)
	g.Expect(run.Verify(patient(t))).To(Succeed())

	log := filepath.Join(dir, "events.jsonl")
	text, err := os.ReadFile(log)
	g.Expect(err).NotTo(HaveOccurred())
	lines := strings.SplitAfter(strings.TrimSpace(string(text)), "\n")
	g.Expect(os.WriteFile(log, []byte(strings.Join(lines[:len(lines)-1], "")), 0o600)).To(Succeed())
	cut := ginkgopytest.Attach(dir)
	g.Expect(wait(t, cut, outcomes+"test_pass").Outcome).To(Equal("passed"))
	g.Expect(cut.Verify(patient(t))).To(MatchError(ContainSubstring("cut off")))
}

func TestARunWhoseStarterIsGoneEnds(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	suite := project(t, "outcomes", "0")
	dir := t.TempDir()
	run, err := suite.Start(dir, selecting(t, suite, outcomes+"test_pass"))
	g.Expect(err).NotTo(HaveOccurred())
	done(t, run)
	g.Expect(os.Remove(filepath.Join(dir, "pytest-exit.json"))).To(Succeed())
	result := wait(t, ginkgopytest.Attach(dir), outcomes+"test_fail")
	g.Expect(result.Outcome).To(Equal("failed"))
	g.Expect(result.Reason).To(ContainSubstring("the process that started it is gone"))
}

func TestARerunAndSubtestsAreTold(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	suite := project(t, "flaky", "2")
	suite.Args = []string{"--reruns=1"}
	run := runAll(t, suite)
	flaky := wait(t, run, "tests/test_flaky.py::test_flaky")
	g.Expect([]any{flaky.Outcome, flaky.Attempts}).To(Equal([]any{"passed", 2}))
	g.Expect(flaky.Reruns).To(HaveExactElements(ContainSubstring("too early")))
	rows := wait(t, run, "tests/test_flaky.py::test_rows")
	g.Expect(rows.Outcome).To(Equal("failed"))
	g.Expect(rows.Line).To(BeNumerically(">", 0))
	g.Expect(rows.Subtests[len(rows.Subtests)-2]).To(HaveField("Outcome", "failed"))
	g.Expect(rows.Reason).To(ContainSubstring("row is one"))
}

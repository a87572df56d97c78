package ginkgopytest_test

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest"
)

const outcomes = "tests/test_outcomes.py::"

func TestWaitReturnsHowEachTestEnded(t *testing.T) {
	t.Parallel()
	suite := project(t, "outcomes", "2")
	var nodeIDs []string
	for _, test := range collect(t, suite).Tests {
		nodeIDs = append(nodeIDs, test.NodeID)
	}
	run := start(t, suite, nodeIDs...)
	for name, want := range map[string][2]string{
		"test_pass":              {"passed", ""},
		"test_fail":              {"failed", "lengths differ"},
		"test_both":              {"failed", "call broke"},
		"test_teardown":          {"error", "teardown broke"},
		"test_skip":              {"skipped", "not today"},
		"test_xfail":             {"xfailed", "AssertionError"},
		"test_param[a b]":        {"passed", ""},
		"test_param[c/d]":        {"failed", "assert 'c/d' == 'a b'"},
		"TestGroup::test_inside": {"passed", ""},
	} {
		result := wait(t, run, outcomes+name)
		g := NewWithT(t)
		g.Expect(result.Outcome).To(Equal(want[0]), name)
		g.Expect(result.Reason).To(ContainSubstring(want[1]), name)
		g.Expect(result.Worker).To(HavePrefix("gw"), name)
	}
	summary := done(t, run)
	NewWithT(t).Expect(summary.Seconds).To(BeNumerically(">", 0))
	NewWithT(t).Expect(summary.Workers).To(BeElementOf(1, 2))
	summary.Seconds = 0
	NewWithT(t).Expect(summary).To(Equal(ginkgopytest.Summary{
		Passed: 4, Failed: 3, Errors: 1, Skipped: 1, Workers: summary.Workers, ExitCode: 1, Finished: true,
	}))
}

func TestAFailureHasItsPlaceItsTracebackAndItsOutput(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	suite := project(t, "outcomes", "0")
	path := filepath.Join(suite.Dir, "tests", "test_outcomes.py")
	run := start(t, suite, outcomes+"test_fail", outcomes+"test_both")
	failed := wait(t, run, outcomes+"test_fail")
	g.Expect(failed.Path).To(Equal(path))
	g.Expect(failed.Line).To(Equal(lineOf(t, path, `assert len("one")`)))
	g.Expect(failed.Reason).To(ContainSubstring(`>       assert len("one") == 2`))
	g.Expect(failed.Sections).To(Equal([][2]string{{"Captured stdout call", "printed by the test\n"}}))
	// The reason is the call's, so the place is too, although the teardown failed later.
	both := wait(t, run, outcomes+"test_both")
	g.Expect(both.Line).To(Equal(lineOf(t, path, `raise ValueError("call broke")`)))
}

func TestOnlySelectedTestsRun(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	run := start(t, project(t, "outcomes", "2"), outcomes+"test_param[a b]")
	summary := done(t, run)
	g.Expect(summary.Passed).To(Equal(1))
	g.Expect(summary.Failed + summary.Errors + summary.Skipped).To(BeZero())
	g.Expect(summary.ExitCode).To(BeZero())
}

func TestAReportFolderCanBeUsedAgainAndAttachedTo(t *testing.T) {
	g := NewWithT(t)
	suite := project(t, "outcomes", "0")
	t.Chdir(t.TempDir())
	for name, outcome := range map[string]string{"test_pass": "passed", "test_skip": "skipped"} {
		run, err := suite.Start("report", selecting(t, suite, outcomes+name))
		g.Expect(err).NotTo(HaveOccurred())
		t.Cleanup(func() { run.Stop(context.Background()) })
		attached := ginkgopytest.Attach("report")
		g.Expect(wait(t, attached, outcomes+name).Outcome).To(Equal(outcome))
		summary := done(t, attached)
		g.Expect(summary.Passed + summary.Skipped).To(Equal(1))
		g.Expect(summary.ExitCode).To(BeZero())
	}
	g.Expect(filepath.Join("report", "junit.xml")).To(BeARegularFile())
}

func TestWhenPytestDiesEveryTestFailsWithTheReason(t *testing.T) {
	t.Parallel()
	for die, want := range map[string]struct {
		reason string
		code   int
	}{
		"exit": {"exit status 7) without reporting this test; \"end of the run\" has the whole", 7},
		"kill": {"signal: killed", -1},
	} {
		t.Run(die, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			suite := project(t, "dies", "2")
			suite.Env = append(suite.Env, "DIE="+die)
			run := start(t, suite, "tests/test_never.py::test_one", "tests/test_never.py::test_two")
			for _, name := range []string{"test_one", "test_two"} {
				result := wait(t, run, "tests/test_never.py::"+name)
				g.Expect(result.Outcome).To(Equal("failed"))
				g.Expect(result.Reason).To(ContainSubstring(want.reason))
			}
			g.Expect(run.Verify(patient(t))).To(MatchError(ContainSubstring("its last lines:\n")))
			summary := done(t, run)
			g.Expect(summary.Finished).To(BeFalse())
			g.Expect(summary.ExitCode).To(Equal(want.code))
		})
	}
}

const hanging = "tests/test_hangs.py::test_hangs"

// hang starts the test that hangs and returns the process that runs it.
func hang(t *testing.T, workers string) (*ginkgopytest.Run, int, string) {
	t.Helper()
	state := t.TempDir()
	suite := project(t, "hangs", workers)
	suite.Env = append(suite.Env, "STATE_DIR="+state)
	run := start(t, suite, hanging)
	var pid int
	NewWithT(t).Eventually(func() error {
		text, err := os.ReadFile(filepath.Join(state, "pid"))
		if err == nil {
			pid, err = strconv.Atoi(string(text))
		}
		return err
	}, patience, 20*time.Millisecond).Should(Succeed())
	return run, pid, state
}

// ended is true of zombies too: the new parent of an orphan may not reap it.
func ended(pid int) bool {
	if syscall.Kill(pid, 0) != nil {
		return true
	}
	stat, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	return err == nil && strings.Contains(string(stat), ") Z ")
}

func TestStopEndsAHangingTest(t *testing.T) {
	t.Parallel()
	for _, workers := range []string{"0", "2"} {
		t.Run("workers="+workers, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			run, pid, state := hang(t, workers)
			begin := time.Now()
			run.Stop(patient(t))
			g.Expect(time.Since(begin)).To(BeNumerically("<", 20*time.Second))
			g.Expect(wait(t, run, hanging).Outcome).To(Equal("failed"))
			g.Expect(done(t, run).Passed).To(BeZero())
			g.Eventually(func() bool { return ended(pid) }, patience).Should(BeTrue())
			g.Expect(filepath.Join(state, "torn-down")).To(BeARegularFile())
			run.Stop(patient(t))
		})
	}
}

func TestNoWorkerOutlivesAPytestThatWasKilled(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	run, pid, state := hang(t, "2")
	controller, err := os.ReadFile(filepath.Join(state, "parent"))
	g.Expect(err).NotTo(HaveOccurred())
	parent, err := strconv.Atoi(string(controller))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(syscall.Kill(parent, syscall.SIGKILL)).To(Succeed())
	g.Expect(wait(t, run, hanging).Reason).To(ContainSubstring("signal: killed"))
	g.Eventually(func() bool { return ended(pid) }, 2*time.Second).Should(BeTrue())
}

func TestStopKillsWhenItsContextEnds(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	run, pid, state := hang(t, "2")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	run.Stop(ctx)
	g.Eventually(func() bool { return ended(pid) }, patience).Should(BeTrue())
	g.Expect(filepath.Join(state, "torn-down")).NotTo(BeAnExistingFile())
	g.Expect(wait(t, run, hanging).Reason).To(ContainSubstring("signal: killed"))
}

func TestWaitEndsWithItsContext(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	run, _, _ := hang(t, "0")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := run.Wait(ctx, hanging)
	g.Expect(err).To(MatchError(context.Canceled))
	_, err = run.Done(ctx)
	g.Expect(err).To(MatchError(context.Canceled))
}

func TestStartTellsWhyPytestCannotStart(t *testing.T) {
	t.Parallel()
	suite := project(t, "outcomes", "0")
	suite.Python = filepath.Join(t.TempDir(), "python")
	_, err := suite.Start(t.TempDir(), ginkgopytest.Selection{})
	NewWithT(t).Expect(err).To(MatchError(ContainSubstring("start pytest")))
}

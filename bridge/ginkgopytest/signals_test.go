package ginkgopytest_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/onsi/ginkgo/v2/types"
	. "github.com/onsi/gomega"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
)

// hangingSuite is a nested suite whose test hangs, and how far it is.
type hangingSuite struct {
	*nestedSuite
	state   string
	command *exec.Cmd
	log     string
	ended   chan struct{}
}

// startHanging returns once the test hangs.
func startHanging(t *testing.T, args ...string) *hangingSuite {
	t.Helper()
	h := &hangingSuite{nestedSuite: nest(t, "hangs"), state: t.TempDir(), ended: make(chan struct{})}
	h.set("STATE_DIR", h.state)
	h.command = h.nestedSuite.command(args...)
	h.log = filepath.Join(h.state, "output")
	output, err := os.Create(h.log)
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	h.command.Stdout, h.command.Stderr = output, output
	NewWithT(t).Expect(h.command.Start()).To(Succeed())
	go func() {
		defer close(h.ended)
		defer output.Close()
		_ = h.command.Wait() // The state has what there is to know.
	}()
	t.Cleanup(func() { _ = syscall.Kill(-h.command.Process.Pid, syscall.SIGKILL) })
	NewWithT(t).Eventually(h.worker, patience, 20*time.Millisecond).ShouldNot(BeZero(), h.output)
	return h
}

// worker is the pid of the process that runs the test, 0 before it does.
func (h *hangingSuite) worker() int {
	text, err := os.ReadFile(filepath.Join(h.state, "pid"))
	if err != nil {
		return 0
	}
	pid, _ := strconv.Atoi(string(text))
	return pid
}

func (h *hangingSuite) output() string {
	text, _ := os.ReadFile(h.log)
	return string(text)
}

func (h *hangingSuite) interrupt() {
	_ = syscall.Kill(h.command.Process.Pid, syscall.SIGINT)
}

// end waits for the suite; no process of its pytest is left.
func (h *hangingSuite) end() nestedOutcome {
	h.t.Helper()
	g := NewWithT(h.t)
	g.Eventually(h.ended, patience).Should(BeClosed())
	g.Eventually(func() bool { return ended(h.worker()) }, patience).Should(BeTrue())
	return h.outcome(h.command, h.output())
}

func (o nestedOutcome) only(t *testing.T) types.SpecReport {
	t.Helper()
	NewWithT(t).Expect(o.specs).To(HaveLen(1))
	for _, spec := range o.specs {
		return spec
	}
	return types.SpecReport{}
}

func TestCtrlCLetsFixturesTearDown(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	suite := startHanging(t)
	suite.interrupt()
	outcome := suite.end()
	g.Expect(outcome.code).To(Equal(1))
	g.Expect(outcome.only(t).State).To(Equal(types.SpecStateInterrupted))
	g.Expect(filepath.Join(suite.state, "torn-down")).To(BeARegularFile())
	g.Expect(filepath.Join(suite.report, "junit.xml")).To(BeARegularFile())
	run, err := events.Read(filepath.Join(suite.report, "events.jsonl"))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(run.Outcome).To(Equal("interrupted"))
	g.Expect(run.Session.Finished()).To(BeTrue())
}

func TestCtrlCTwiceKills(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	suite := startHanging(t)
	// A worker that is stopped never tears down: only the second signal ends it.
	g.Expect(syscall.Kill(suite.worker(), syscall.SIGSTOP)).To(Succeed())
	suite.interrupt()
	g.Eventually(suite.output, patience).Should(ContainSubstring("First interrupt received"))
	suite.interrupt()
	outcome := suite.end()
	g.Expect(outcome.code).To(Equal(1))
	g.Expect(outcome.only(t).State).To(Equal(types.SpecStateInterrupted))
	run, err := events.Read(filepath.Join(suite.report, "events.jsonl"))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(run.Outcome).To(Equal("interrupted"))
	g.Expect(run.Session.Finished()).To(BeFalse())
}

func TestGinkgosTimeoutEndsTheRun(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	suite := startHanging(t, "-ginkgo.timeout=15s")
	outcome := suite.end()
	g.Expect(outcome.code).To(Equal(1))
	g.Expect(outcome.only(t).State).To(Equal(types.SpecStateTimedout))
	g.Expect(filepath.Join(suite.state, "torn-down")).To(BeARegularFile())
}

func TestFailFastEndsTheTestsThatStillRun(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	suite := nest(t, "failfast")
	state := t.TempDir()
	suite.set("STATE_DIR", state)
	outcome := suite.run("-ginkgo.fail-fast")
	g.Expect(outcome.code).To(Equal(1))
	g.Expect(outcome.states()).To(Equal(map[string]types.SpecState{
		"tests test_failfast.py test_a_fails": types.SpecStateFailed,
		"tests test_failfast.py test_b_hangs": types.SpecStateSkipped,
	}))
	run, err := events.Read(filepath.Join(suite.report, "events.jsonl"))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(run.Session.Finished()).To(BeTrue())
	if test := run.Test("tests/test_failfast.py::test_b_hangs"); test != nil && test.Started > 0 {
		g.Expect(filepath.Join(state, "torn-down")).To(BeARegularFile())
	}
}

func TestNothingOutlivesASuiteThatWasKilled(t *testing.T) {
	t.Parallel()
	suite := startHanging(t)
	worker := suite.worker()
	NewWithT(t).Expect(suite.command.Process.Kill()).To(Succeed())
	NewWithT(t).Eventually(func() bool { return ended(worker) }, patience).Should(BeTrue())
}

func TestGinkgoProcessesShareOnePytest(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	cli := filepath.Join(t.TempDir(), "ginkgo")
	output, err := exec.CommandContext(patient(t), "go", "build", "-o", cli, "github.com/onsi/ginkgo/v2/ginkgo").CombinedOutput()
	g.Expect(err).NotTo(HaveOccurred(), string(output))
	suite := nest(t, "outcomes")
	binary := suite.command().Path
	command := exec.CommandContext(patient(t), cli, "--procs=3", "--json-report="+filepath.Base(suite.json), "--output-dir="+filepath.Dir(suite.json), binary)
	command.Env = suite.env
	output, _ = command.CombinedOutput()
	outcome := suite.outcome(command, string(output))
	g.Expect(outcome.specs).To(HaveLen(9), outcome.output)
	g.Expect(outcome.specs["tests test_outcomes.py test_pass"].State).To(Equal(types.SpecStatePassed))
	processes := map[int]bool{}
	for _, spec := range outcome.specs {
		processes[spec.ParallelProcess] = true
	}
	g.Expect(len(processes)).To(BeNumerically(">", 1))
	run, err := events.Read(filepath.Join(suite.report, "events.jsonl"))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(run.Tests).To(HaveLen(9))
	for _, test := range run.Tests {
		g.Expect(test.Attempts()).To(HaveLen(1))
	}
}

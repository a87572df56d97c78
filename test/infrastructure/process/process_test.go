package process

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

const limit = 10 * time.Second

func shell(t *testing.T, script string, env ...string) Spec {
	t.Helper()
	return Spec{Name: "part", Path: "/bin/sh", Args: []string{"-c", script}, Env: env,
		LogPath: filepath.Join(t.TempDir(), "part.log")}
}

func logged(spec Spec, text string) func(context.Context) error {
	return func(context.Context) error {
		if !strings.Contains(Tail(spec.LogPath, tailLines), text) {
			return fmt.Errorf("no %q in the log", text)
		}
		return nil
	}
}

// state is the kernel's letter for a process; a container's init may not reap
// orphans, so that a killed one stays a zombie.
func state(pid string) string {
	data, err := os.ReadFile("/proc/" + pid + "/stat")
	if err != nil {
		return ""
	}
	_, after, _ := strings.Cut(string(data), ") ")
	return after[:1]
}

func TestStartReturnsWhenReadyAndStopEndsTheGroup(t *testing.T) {
	g := NewWithT(t)
	spec := shell(t, "sleep 60 & echo child $!; wait")
	p, err := Start(t.Context(), spec, limit, logged(spec, "child"))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(p.Stop(t.Context())).To(Succeed())
	g.Expect(p.Exited()).To(BeClosed())
	child := strings.TrimPrefix(Tail(spec.LogPath, 1), "child ")
	g.Eventually(func() string { return state(child) }).Should(BeElementOf("", "Z"))
}

func TestStartNamesThePartAndShowsTheLogWhenTheChildExits(t *testing.T) {
	g := NewWithT(t)
	_, err := Start(t.Context(), shell(t, "echo no such database; exit 3"), limit,
		func(context.Context) error { return errors.New("refused") })
	g.Expect(err).To(MatchError(And(ContainSubstring("part: exited"), ContainSubstring("exit status 3"),
		ContainSubstring("no such database"))))
}

func TestStartShowsTheLastReasonWhenTheChildIsNotReadyInTime(t *testing.T) {
	g := NewWithT(t)
	_, err := Start(t.Context(), shell(t, "echo waiting; exec sleep 60"), 200*time.Millisecond,
		func(context.Context) error { return errors.New("status 503") })
	g.Expect(err).To(MatchError(And(ContainSubstring("part: wait for readiness"), ContainSubstring("status 503"),
		ContainSubstring("waiting"))))
}

func TestWaitThatIsGivenUpSaysSo(t *testing.T) {
	g := NewWithT(t)
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errors.New("the run ends"))

	err := Wait(ctx, "part: wait", time.Hour, func(context.Context) error { return errors.New("status 503") })

	g.Expect(err).To(MatchError(And(HavePrefix("part: wait: given up after "), ContainSubstring("the run ends (last: status 503)"),
		Not(ContainSubstring("1h")))))
}

func TestChildCarriesTheMarkAndCanBeAttachedByIt(t *testing.T) {
	g := NewWithT(t)
	id := fmt.Sprintf("test-%d", os.Getpid())
	spec := shell(t, "echo up; exec sleep 60", MarkVariable+"="+id)
	p, err := Start(t.Context(), spec, limit, logged(spec, "up"))
	g.Expect(err).NotTo(HaveOccurred())
	_, err = Attach("part", p.PID, "other", spec.LogPath)
	g.Expect(err).To(HaveOccurred())
	attached, err := Attach("part", p.PID, id, spec.LogPath)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(attached.Stop(t.Context())).To(Succeed())
	g.Eventually(p.Exited()).Should(BeClosed())
}

func TestKeptChildHasASessionOfItsOwn(t *testing.T) {
	g := NewWithT(t)
	g.Expect(attributes(Life{Keep: true}).Setsid).To(BeTrue())
	g.Expect(attributes(Life{}).Setpgid).To(BeTrue())
	g.Expect(environment(nil, Spec{Life: Life{Keep: true}})).To(ContainElement(KeepVariable + "=1"))
	g.Expect(environment(nil, Spec{})).To(ContainElement(KeepVariable + "="))
}

func TestDiscardEndsAChildThatWouldNotListen(t *testing.T) {
	g := NewWithT(t)
	spec := shell(t, "trap '' INT; sleep 60 & echo child $!; wait")
	p, err := Start(t.Context(), spec, limit, logged(spec, "child"))
	g.Expect(err).NotTo(HaveOccurred())
	begin := time.Now()

	g.Expect(p.Discard(t.Context(), syscall.SIGKILL)).To(Succeed())

	g.Expect(time.Since(begin)).To(BeNumerically("<", stopLimit), "it was asked, and waited for")
	child := strings.TrimPrefix(Tail(spec.LogPath, 1), "child ")
	g.Eventually(func() string { return state(child) }).Should(BeElementOf("", "Z"))
}

func TestSignalThatIsRefusedIsAnErrorOfTheStop(t *testing.T) {
	g := NewWithT(t)
	p, err := Launch(shell(t, "exec sleep 60"))
	g.Expect(err).NotTo(HaveOccurred())
	defer func() { g.Expect(p.Stop(t.Context())).To(Succeed()) }()

	g.Expect(p.signal(syscall.Signal(-1))).To(And(MatchError(ContainSubstring("part: send")), MatchError(syscall.EINVAL)))
}

func TestEndedTellsHowAChildEndedThatNobodyStopped(t *testing.T) {
	g := NewWithT(t)
	p, err := Launch(shell(t, "exec sleep 60"))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(p.Ended()).To(Succeed())
	g.Expect(syscall.Kill(p.PID, syscall.SIGKILL)).To(Succeed())
	g.Eventually(p.Ended).Should(MatchError(ContainSubstring("ended: signal: killed")))
}

func TestEndedTellsThatAnAttachedChildIsGone(t *testing.T) {
	g := NewWithT(t)
	id := fmt.Sprintf("gone-%d", os.Getpid())
	p, err := Launch(shell(t, "exec sleep 60", MarkVariable+"="+id))
	g.Expect(err).NotTo(HaveOccurred())
	attached, err := Attach("part", p.PID, id, "")
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(attached.Ended()).To(Succeed())
	g.Expect(p.Stop(t.Context())).To(Succeed())
	g.Expect(attached.Ended()).To(MatchError("is gone"))
}

func TestMemoryIsThePeakOfTheChildWithWhatItsGroupHasForItself(t *testing.T) {
	g := NewWithT(t)
	alone := shell(t, "echo up; exec sleep 60")
	p, err := Start(t.Context(), alone, limit, logged(alone, "up"))
	g.Expect(err).NotTo(HaveOccurred())
	defer func() { g.Expect(p.Stop(t.Context())).To(Succeed()) }()
	single, err := p.Memory()
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(single).To(BeNumerically(">", 100*kibibyte))
	group := shell(t, "sleep 60 & sleep 60 & echo up; wait")
	parent, err := Start(t.Context(), group, limit, logged(group, "up"))
	g.Expect(err).NotTo(HaveOccurred())
	defer func() { g.Expect(parent.Stop(t.Context())).To(Succeed()) }()
	own, err := statusBytes(parent.PID, "VmHWM")
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(parent.Memory()).To(BeNumerically(">", own))
}

func TestMemoryOfAChildThatIsGoneIsAnError(t *testing.T) {
	g := NewWithT(t)
	p, err := Launch(shell(t, "exit 0"))
	g.Expect(err).NotTo(HaveOccurred())
	g.Eventually(p.Exited()).Should(BeClosed())
	_, err = p.Memory()
	g.Expect(err).To(MatchError(ContainSubstring("part: read its memory")))
}

func TestTailReturnsTheLastLines(t *testing.T) {
	g := NewWithT(t)
	path := filepath.Join(t.TempDir(), "log")
	g.Expect(os.WriteFile(path, []byte("a\nb\nc\n"), 0o600)).To(Succeed())
	g.Expect(Tail(path, 2)).To(Equal("b\nc"))
}

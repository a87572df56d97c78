package runs

import (
	"context"
	"path/filepath"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/jordigilh/kubernaut/test/infrastructure/process"
)

func child(t *testing.T, id string) *process.Process {
	t.Helper()
	g := NewWithT(t)
	p, err := process.Launch(process.Spec{Name: "child", Path: "/bin/sleep", Args: []string{"60"},
		Env: Mark(id), LogPath: filepath.Join(t.TempDir(), "log")})
	g.Expect(err).NotTo(HaveOccurred())
	t.Cleanup(func() { g.Expect(p.Stop(context.Background())).To(Succeed()) })
	return p
}

func TestSweepKillsOnlyProcessesOfDeadRuns(t *testing.T) {
	g := NewWithT(t)
	live, err := New()
	g.Expect(err).NotTo(HaveOccurred())
	dead, err := New()
	g.Expect(err).NotTo(HaveOccurred())
	kept, err := New()
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(Keep(kept.ID)).To(Succeed())
	ofLive, ofDead, ofKept := child(t, live.ID), child(t, dead.ID), child(t, kept.ID)
	g.Expect(dead.Release()).To(Succeed())
	g.Expect(kept.Release()).To(Succeed())
	swept, err := Sweep()
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(swept).To(ContainElement(ofDead.PID))
	g.Expect(swept).NotTo(ContainElements(ofLive.PID, ofKept.PID))
	g.Eventually(ofDead.Exited()).Should(BeClosed())
	g.Expect(Forget(kept.ID)).To(Succeed())
	g.Expect(live.Release()).To(Succeed())
}

func TestAcquireRefusesALiveRun(t *testing.T) {
	g := NewWithT(t)
	run, err := New()
	g.Expect(err).NotTo(HaveOccurred())
	_, err = Acquire(run.ID)
	g.Expect(err).To(MatchError(ContainSubstring("already alive")))
	g.Expect(run.Release()).To(Succeed())
}

func TestUnmarkedProcessIsNeverAbandoned(t *testing.T) {
	g := NewWithT(t)
	g.Expect(abandoned(map[string]string{"HOME": "/"})).To(BeFalse())
	g.Expect(abandoned(map[string]string{process.MarkVariable: "x"})).To(BeFalse())
}

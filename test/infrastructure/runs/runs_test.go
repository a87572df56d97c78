package runs

import (
	"context"
	"os"
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
	g.Expect(swept.PIDs).To(ContainElement(ofDead.PID))
	g.Expect(swept.PIDs).NotTo(ContainElements(ofLive.PID, ofKept.PID))
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

func TestSweepRemovesOnlyFoldersOfDeadRuns(t *testing.T) {
	g := NewWithT(t)
	t.Setenv("TMPDIR", t.TempDir())
	folder := func(end func(*Run)) string {
		run, err := New()
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(os.MkdirAll(filepath.Join(Dir(run.ID), "secrets"), 0o700)).To(Succeed())
		g.Expect(os.WriteFile(filepath.Join(Dir(run.ID), "secrets", "client.token"), []byte("x"), 0o600)).To(Succeed())
		end(run)
		return Dir(run.ID)
	}
	var alive *Run
	live := folder(func(run *Run) { alive = run })
	// The kernel takes the lock away from a killed runner, and does no more.
	killed := folder(func(run *Run) { g.Expect(run.lock.Close()).To(Succeed()) })
	released := folder(func(run *Run) { g.Expect(run.Release()).To(Succeed()) })
	kept := folder(func(run *Run) {
		g.Expect(Keep(run.ID)).To(Succeed())
		g.Expect(run.Release()).To(Succeed())
	})

	swept, err := Sweep()

	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(swept.Folders).To(ConsistOf(killed, released))
	g.Expect(swept.String()).To(ContainSubstring("removed 2 folders"))
	g.Expect([]string{live, kept}).To(HaveEach(BeADirectory()))
	g.Expect([]string{killed, released}).To(HaveEach(Not(BeADirectory())))
	again, err := Sweep()
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(again.Folders).To(BeEmpty())
	g.Expect(os.RemoveAll(live)).To(Succeed())
	g.Expect(alive.Release()).To(Succeed())
	g.Expect(lockPath(alive.ID)).NotTo(BeAnExistingFile())
}

func TestSweepDoesNotFollowALink(t *testing.T) {
	g := NewWithT(t)
	t.Setenv("TMPDIR", t.TempDir())
	precious := t.TempDir()
	run, err := New()
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(os.Symlink(precious, Dir(run.ID))).To(Succeed())
	g.Expect(run.lock.Close()).To(Succeed())

	_, err = Sweep()

	g.Expect(err).To(MatchError(ContainSubstring("not a folder of this user")))
	g.Expect(precious).To(BeADirectory())
}

func TestRunIDThatLeavesItsFolderIsRefused(t *testing.T) {
	for _, id := range []string{"", "..", "../elsewhere", "a/b"} {
		_, err := Acquire(id)

		NewWithT(t).Expect(err).To(MatchError(ContainSubstring("is not a run id")), id)
	}
}

func TestSweptSaysNothingWhenThereWasNothing(t *testing.T) {
	NewWithT(t).Expect(Swept{}.String()).To(BeEmpty())
}

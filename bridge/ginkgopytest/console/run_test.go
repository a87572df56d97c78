package console

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

const patience = 60 * time.Second

func shell(script string) *exec.Cmd { return exec.Command("/bin/sh", "-c", script) }

func TestTheOutputAndTheExitCodeAreTheCommands(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	var out strings.Builder
	code, err := Run(Options{Out: &out}, shell("echo one; echo two >&2; printf three; exit 7"))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(code).To(Equal(7))
	g.Expect(out.String()).To(Equal("one\ntwo\nthree"))
	code, err = Run(Options{Out: &out}, shell("kill -KILL $$"))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(code).To(Equal(128 + int(syscall.SIGKILL)))
	_, err = Run(Options{Out: &out}, exec.Command(filepath.Join(t.TempDir(), "absent")))
	g.Expect(err).To(MatchError(ContainSubstring("absent")))
}

func TestAnOrphanThatHoldsTheOutputIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	var out strings.Builder
	command := shell("sleep 300 & echo $!")
	begin := time.Now()
	_, err := Run(Options{Out: &out}, command)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(time.Since(begin)).To(BeNumerically("<", patience))
	g.Expect(out.String()).To(MatchRegexp(`^\d+\n$`))
	g.Expect(syscall.Kill(-command.Process.Pid, syscall.SIGKILL)).To(Succeed())
}

// ginkgopytest builds the command line.
func ginkgopytest(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "ginkgopytest")
	output, err := exec.CommandContext(t.Context(), "go", "build", "-o", path, "../cmd/ginkgopytest").CombinedOutput()
	NewWithT(t).Expect(err).NotTo(HaveOccurred(), string(output))
	return path
}

func TestASignalArrivesOnce(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	dir := t.TempDir()
	script := `trap 'echo got >>signals; test -e go && exit 3' INT; touch ready; while :; do sleep 0.05; done`
	command := exec.CommandContext(t.Context(), ginkgopytest(t), "console", filepath.Join(dir, "events.jsonl"), "/bin/sh", "-c", script)
	command.Dir = dir
	// As a shell does it for a pipeline: Ctrl-C reaches the whole group.
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	g.Expect(command.Start()).To(Succeed())
	exists := func(name string) func() bool {
		return func() bool { _, err := os.Stat(filepath.Join(dir, name)); return err == nil }
	}
	g.Eventually(exists("ready"), patience).Should(BeTrue())
	g.Expect(syscall.Kill(-command.Process.Pid, syscall.SIGINT)).To(Succeed())
	g.Eventually(exists("signals"), patience).Should(BeTrue())
	g.Expect(os.WriteFile(filepath.Join(dir, "go"), nil, 0o600)).To(Succeed())
	g.Expect(syscall.Kill(-command.Process.Pid, syscall.SIGINT)).To(Succeed())
	g.Expect(command.Wait()).NotTo(Succeed())
	g.Expect(command.ProcessState.ExitCode()).To(Equal(3))
	signals, err := os.ReadFile(filepath.Join(dir, "signals"))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(string(signals)).To(Equal("got\ngot\n"))
}

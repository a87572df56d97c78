package report_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/internal/logtest"
)

// patience bounds every wait; a test that works does not come near it.
const patience = 90 * time.Second

// interpreter is the Python of the environment or of this checkout.
func interpreter(t *testing.T) string {
	t.Helper()
	python := os.Getenv("PYTHON")
	if python == "" {
		python = "../../../.venv-bridge/bin/python"
	}
	python, err := filepath.Abs(python)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(python); err != nil {
		t.Skip("no PYTHON and no .venv-bridge: run `make setup`")
	}
	return python
}

// pytest is a command that runs a copy of testdata/project and leaves
// events.jsonl and junit.xml in dir.
func pytest(t *testing.T, dir string, args ...string) (command *exec.Cmd, project string) {
	t.Helper()
	project = t.TempDir()
	NewWithT(t).Expect(os.CopyFS(project, os.DirFS("testdata/project"))).To(Succeed())
	args = append([]string{"-m", "pytest", "-n", "2", "--ginkgo-events=" + filepath.Join(dir, "events.jsonl"),
		"--junitxml=" + filepath.Join(dir, "junit.xml")}, args...)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	command = exec.CommandContext(ctx, interpreter(t), args...)
	command.Dir, command.Env = project, append(os.Environ(), "PYTHONDONTWRITEBYTECODE=1")
	return command, project
}

// finished is the report folder and the project of a run with every outcome.
func finished(t *testing.T) (dir, project string) {
	t.Helper()
	dir = t.TempDir()
	command, project := pytest(t, dir)
	if output, err := command.CombinedOutput(); command.ProcessState.ExitCode() != 1 {
		t.Fatalf("%v\n%s", err, output)
	}
	logtest.Valid(t, filepath.Join(dir, "events.jsonl"))
	return dir, project
}

// killed is the report folder of a run of which nothing was left to clean up.
func killed(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	command, project := pytest(t, dir, "-k", "test_pass or test_waits")
	g := NewWithT(t)
	g.Expect(os.WriteFile(filepath.Join(project, "hang"), nil, 0o600)).To(Succeed())
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	g.Expect(command.Start()).To(Succeed())
	g.Eventually(func() bool {
		run, err := events.Read(filepath.Join(dir, "events.jsonl"))
		if err != nil {
			return false
		}
		waits, passes := run.Test("tests/test_outcomes.py::test_waits"), run.Test("tests/test_outcomes.py::test_pass")
		return waits != nil && passes != nil && passes.Finished > 0
	}, patience, 20*time.Millisecond).Should(BeTrue())
	g.Expect(syscall.Kill(-command.Process.Pid, syscall.SIGKILL)).To(Succeed())
	g.Expect(command.Wait()).NotTo(Succeed())
	return dir
}

func logOf(t *testing.T, lines ...string) string {
	t.Helper()
	dir := t.TempDir()
	NewWithT(t).Expect(os.WriteFile(filepath.Join(dir, "events.jsonl"), []byte(strings.Join(lines, "\n")+"\n"), 0o600)).To(Succeed())
	return dir
}

func lineOf(t *testing.T, path, text string) int {
	t.Helper()
	content, err := os.ReadFile(path)
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	before, _, found := strings.Cut(string(content), text)
	NewWithT(t).Expect(found).To(BeTrue(), strconv.Quote(text))
	return strings.Count(before, "\n") + 1
}

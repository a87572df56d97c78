package main

import (
	"bufio"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/jordigilh/kubernaut/test/infrastructure/process"
	"github.com/jordigilh/kubernaut/test/infrastructure/runs"
)

const limit = time.Minute

func python(g *WithT) string {
	path, err := filepath.Abs("../../../../../.venv/bin/python")
	g.Expect(err).NotTo(HaveOccurred())
	return path
}

// ownTemporary keeps the runs of this test apart, and lets PostgreSQL's user pass.
func ownTemporary(t *testing.T, g *WithT) {
	t.Helper()
	dir, err := os.MkdirTemp("", "p-")
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(os.Chmod(dir, 0o711)).To(Succeed())
	t.Cleanup(func() { g.Expect(os.RemoveAll(dir)).To(Succeed()) })
	t.Setenv("TMPDIR", dir)
}

func TestServerIsToldWhenReadyAndGoneWhenInputCloses(t *testing.T) {
	g := NewWithT(t)
	ownTemporary(t, g)
	input, hold := io.Pipe()
	told, output := io.Pipe()
	ended := make(chan error, 1)
	go func() { ended <- run(context.Background(), python(g), input, output) }()

	line, err := bufio.NewReader(told).ReadString('\n')
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(line).To(HavePrefix("postgresql://postgres:"))
	answer, err := exec.Command(python(g), "-c",
		"import psycopg, sys; print(psycopg.connect(sys.argv[1]).execute('select 41 + 1').fetchone()[0])",
		strings.TrimSpace(line)).CombinedOutput()
	g.Expect(err).NotTo(HaveOccurred(), string(answer))
	g.Expect(string(answer)).To(Equal("42\n"))
	g.Expect(hold.Close()).To(Succeed())

	g.Eventually(ended, limit).Should(Receive(BeNil()))
	g.Expect(runFolders(g)).To(BeEmpty())
}

func TestEnvironmentWithoutPostgreSQLIsToldWithTheRemedy(t *testing.T) {
	g := NewWithT(t)
	ownTemporary(t, g)

	err := run(t.Context(), "/bin/false", strings.NewReader(""), io.Discard)

	g.Expect(err).To(MatchError(ContainSubstring("run hack/python-env.sh")))
}

// TestKilledRunnerIsSweptByTheNextRun kills what no defer survives.
func TestKilledRunnerIsSweptByTheNextRun(t *testing.T) {
	g := NewWithT(t)
	ownTemporary(t, g)
	binary := filepath.Join(t.TempDir(), "postgres")
	built, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput()
	g.Expect(err).NotTo(HaveOccurred(), string(built))
	runner := exec.Command(binary, "-python", python(g))
	_, err = runner.StdinPipe()
	g.Expect(err).NotTo(HaveOccurred())
	output, err := runner.StdoutPipe()
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(runner.Start()).To(Succeed())
	_, err = bufio.NewReader(output).ReadString('\n')
	g.Expect(err).NotTo(HaveOccurred())
	left := runFolders(g)
	g.Expect(left).To(HaveLen(1))
	id := strings.TrimPrefix(filepath.Base(left[0]), "kubernaut-")
	children, err := process.Children(id, false)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(children).NotTo(BeEmpty())

	g.Expect(runner.Process.Kill()).To(Succeed())
	g.Expect(runner.Wait()).To(HaveOccurred())

	g.Eventually(func() ([]int, error) { return process.Children(id, false) }, limit).Should(BeEmpty(), "they outlive the runner")
	g.Expect(left[0]).To(BeADirectory(), "nothing was there to be swept")
	swept, err := runs.Sweep()
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(swept.Folders).To(Equal(left))
	g.Expect(left[0]).NotTo(BeADirectory())
}

// runFolders are those of runs, whose ids begin with the year.
func runFolders(g *WithT) []string {
	found, err := filepath.Glob(runs.Dir("2*"))
	g.Expect(err).NotTo(HaveOccurred())
	return found
}

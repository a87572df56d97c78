package report_test

import (
	"os/exec"
	"path/filepath"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/report"
)

func command(t *testing.T, args ...string) (string, int) {
	t.Helper()
	run := exec.CommandContext(t.Context(), "go", append([]string{"run", "../cmd/ginkgopytest-report"}, args...)...)
	output, _ := run.CombinedOutput()
	return string(output), run.ProcessState.ExitCode()
}

func TestOneCommandMakesTheReportsOfAKilledRun(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	dir := logOf(t, runStart, sessionStart, `{"event":"collected","time":12,"nodeids":["a.py::test_a"]}`)
	output, status := command(t, dir)
	g.Expect(status).To(BeZero(), output)
	g.Expect(output).To(ContainSubstring("end to end: 1 specs, 1 failed\n" + events.CutOff))
	for _, name := range report.Files {
		g.Expect(filepath.Join(dir, name)).To(BeARegularFile())
		g.Expect(string(read(t, dir, name))).NotTo(BeEmpty(), name)
	}
	g.Expect(string(read(t, dir, report.SummaryFile))).To(ContainSubstring("**the run was cut off**"))
}

func TestTheCommandSaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	output, status := command(t, t.TempDir())
	g.Expect(status).To(Equal(1))
	g.Expect(output).To(ContainSubstring("events.jsonl"))
}

package ginkgopytest_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest"
)

const lastTest = "tests/test_lastwords.py::test_pass"

// lastWords runs a test after which pytest writes that many lines, or hangs.
func lastWords(t *testing.T, words, report string) *ginkgopytest.Run {
	t.Helper()
	suite := project(t, "lastwords", "0")
	suite.Env = append(suite.Env, "LAST_WORDS="+words, "LAST_REPORT="+report)
	suite.TeardownTime = 3 * time.Second
	run := start(t, suite, lastTest)
	NewWithT(t).Expect(wait(t, run, lastTest).Outcome).To(Equal("passed"))
	return run
}

func TestAPytestThatWritesAfterItsLastTestIsNoHang(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("only Linux tells what a process writes")
	}
	g := NewWithT(t)
	report := filepath.Join(t.TempDir(), "report")

	run := lastWords(t, "60", report)
	run.Stop(patient(t))

	g.Expect(run.Verify(patient(t))).To(Succeed())
	g.Expect(done(t, run).ExitCode).To(BeZero())
	text, err := os.ReadFile(report)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(strings.Count(string(text), "\n")).To(Equal(60))
}

func TestAPytestThatIsSilentAfterItsLastTestHangs(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)

	run := lastWords(t, "0", "unused")
	run.Stop(patient(t))

	g.Expect(run.Verify(patient(t))).To(MatchError(And(
		ContainSubstring("it did not end within 3.001s after its last test"), ContainSubstring("in which it wrote nothing"))))
}

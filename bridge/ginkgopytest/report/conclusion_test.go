package report_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/report"
)

// failed is a test that failed with a message.
func failed(name string, line int, finished float64, message string) []string {
	nodeID := "tests/a.py::" + name
	return []string{
		fmt.Sprintf(`{"event":"test_start","time":12,"nodeid":%q,"worker":"gw0"}`, nodeID),
		fmt.Sprintf(`{"event":"phase","time":%v,"nodeid":%q,"when":"call","outcome":"failed","start":12,"stop":%v,"duration":0.25,"path":"/project/tests/a.py","line":%d}`, finished, nodeID, finished, line),
		fmt.Sprintf(`{"event":"test_finish","time":%v,"nodeid":%q,"outcome":"failed","reason":%q}`, finished, nodeID, "E   "+message),
	}
}

func conclusion(t *testing.T, lines ...string) (text, dir string) {
	t.Helper()
	dir = logOf(t, lines...)
	var out bytes.Buffer
	NewWithT(t).Expect(report.Conclude(&out, dir)).To(Succeed())
	return out.String(), dir
}

func TestAFailedRunEndsWithItsFirstFailure(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	lines := append([]string{runStart, sessionStart}, failed("test_later", 7, 14, "KeyError: 'a'")...)
	lines = append(lines, failed("test_sooner", 3, 13, "AssertionError: one")...)
	text, dir := conclusion(t, append(lines, sessionEnd, runFailed)...)
	g.Expect(text).To(Equal("summary: " + dir + "/summary.md\ntimeline: " + dir + "/timeline.html\n" +
		"first failure: tests/a.py::test_sooner at /project/tests/a.py:3: AssertionError: one\n"))
}

func TestFailuresOfOneCauseAreToldOnce(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	lines := []string{runStart, sessionStart}
	for i := range 16 {
		lines = append(lines, failed(fmt.Sprintf("test_%d", i), i+1, 13, fmt.Sprintf("HAPI answered 500: KeyError (request 7f3a-%d)", i))...)
	}
	lines = append(lines, failed("test_other", 99, 13, "AssertionError: other")...)
	text, _ := conclusion(t, append(lines, sessionEnd, runFailed)...)
	g.Expect(strings.Split(text, "\n")[:3]).To(Equal([]string{
		"17 failures by cause:",
		"  16 x HAPI answered 500: KeyError (request 7f3a-0) (/project/tests/a.py:1)",
		"  1 x AssertionError: other (/project/tests/a.py:99)",
	}))
}

func TestManyCausesAreCounted(t *testing.T) {
	t.Parallel()
	lines := append([]string{runStart, sessionStart}, failed("test_again", 1, 13, "Error a")...)
	for _, letter := range strings.Split("abcdefg", "") {
		lines = append(lines, failed("test_"+letter, 1, 13, "Error "+letter)...)
	}
	text, _ := conclusion(t, append(lines, sessionEnd, runFailed)...)
	NewWithT(t).Expect(text).To(And(ContainSubstring("  2 x Error a"), ContainSubstring("  and 2 more\n"), Not(ContainSubstring("Error f"))))
}

func TestAPassedRunEndsWithItsPage(t *testing.T) {
	t.Parallel()
	text, dir := conclusion(t, runStart, sessionStart, `{"event":"test_finish","time":13,"nodeid":"a.py::test_a","outcome":"passed"}`, sessionEnd, runPassed)
	NewWithT(t).Expect(text).To(Equal("timeline: " + dir + "/timeline.html\n"))
}

func TestARunWithoutALogHasNoConclusion(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	var out bytes.Buffer
	g.Expect(report.Conclude(&out, t.TempDir())).To(Succeed())
	g.Expect(out.String()).To(BeEmpty())
}

package report_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/report"
)

// failures is a log of that many failed tests and one that passed.
func failures(number int, text string) []string {
	lines := []string{runStart, sessionStart}
	for i := range number {
		nodeID := fmt.Sprintf("tests/a.py::test_%04d", i)
		lines = append(lines, fmt.Sprintf(`{"event":"test_start","time":12,"nodeid":%q,"worker":"gw0"}`, nodeID),
			fmt.Sprintf(`{"event":"phase","time":13,"nodeid":%q,"when":"call","outcome":"failed","start":12,"stop":13,"duration":0.25,"path":"/project/tests/a.py","line":%d}`, nodeID, i+1),
			fmt.Sprintf(`{"event":"test_finish","time":13,"nodeid":%q,"outcome":"failed","reason":%q}`, nodeID, text))
	}
	return append(lines, `{"event":"test_finish","time":13,"nodeid":"tests/a.py::test_good","outcome":"passed"}`, sessionEnd, runFailed)
}

func markdown(t *testing.T, limit int, lines ...string) string {
	t.Helper()
	run, err := events.Read(logOf(t, lines...) + "/events.jsonl")
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	return report.Markdown(run, report.Look(run), limit)
}

func annotations(t *testing.T, lines ...string) []string {
	t.Helper()
	run, err := events.Read(logOf(t, lines...) + "/events.jsonl")
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	return report.Annotations(run, report.Look(run))
}

func TestTheSummaryHasFailuresFirst(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	text := markdown(t, report.MarkdownLimit, failures(1, "def test():\n>   assert 0\nE   assert 0")...)
	g.Expect(text).To(HavePrefix("# end to end: failed\n\n1 failed, 1 passed, 0 skipped of 2 in 11.0 s"))
	g.Expect(text).To(ContainSubstring("### `tests/a.py::test_0000`\n\n`/project/tests/a.py:1`, failed after 0.250 s, gw0: `assert 0`"))
	g.Expect(text).To(ContainSubstring("```text\ndef test():\n>   assert 0\nE   assert 0\n```"))
	g.Expect(text).To(ContainSubstring("| 0.250 | `tests/a.py::test_0000` | gw0 |"))
	g.Expect(strings.Index(text, "## Failures")).To(BeNumerically("<", strings.Index(text, "## Slowest")))
	g.Expect(text).NotTo(ContainSubstring("Left out"))
}

func TestTheSummaryStaysBelowTheLimitAndSaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	lines := failures(5000, strings.Repeat("long line\n", 500)+"E   assert 0")
	text := markdown(t, report.MarkdownLimit, lines...)
	g.Expect(len(text)).To(BeNumerically("<", 1<<20))
	g.Expect(len(text)).To(BeNumerically(">", 1<<19))
	g.Expect(text).To(ContainSubstring("5000 failed, 1 passed"))
	g.Expect(text).To(ContainSubstring("## Slowest"))
	whole := strings.Count(text, "<details>")
	shown := strings.Count(text, "\n### ")
	g.Expect(text).To(ContainSubstring(fmt.Sprintf("Left out to stay below the limit: %d tracebacks and %d further failures", shown-whole, 5000-shown)))
	for _, limit := range []int{0, 600, 5000} {
		g.Expect(len(markdown(t, limit, lines...))).To(BeNumerically("<=", max(limit, 512)), "%d", limit)
	}
}

func TestTextOfATestCannotBreakTheSummary(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	text := markdown(t, report.MarkdownLimit, sessionStart,
		`{"event":"test_finish","time":13,"nodeid":"a.py::test_a[x|`+"`"+`y]","outcome":"failed","reason":"`+"```\\n</details>\\nE   boom"+`"}`, sessionEnd)
	g.Expect(text).To(ContainSubstring("``a.py::test_a[x|`y]``"))
	g.Expect(text).To(ContainSubstring("````text\n```\n</details>\nE   boom\n````"))
	g.Expect(text).To(ContainSubstring("``a.py::test_a[x\\|`y]``"))
}

func TestTheJobSummaryIsSharedWithinItsLimit(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	run, err := events.Read(logOf(t, failures(3000, strings.Repeat("x", 500))...) + "/events.jsonl")
	g.Expect(err).NotTo(HaveOccurred())
	path := filepath.Join(t.TempDir(), "summary")
	before := strings.Repeat("y", 900_000)
	g.Expect(os.WriteFile(path, []byte(before), 0o600)).To(Succeed())
	g.Expect(report.AppendStepSummary(path, run, report.Look(run))).To(Succeed())
	content, err := os.ReadFile(path)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(string(content)).To(HavePrefix(before + "# end to end: failed"))
	g.Expect(len(content)).To(BeNumerically("<", 1<<20))
	g.Expect(os.WriteFile(path, []byte(strings.Repeat("y", report.MarkdownLimit)), 0o600)).To(Succeed())
	g.Expect(report.AppendStepSummary(path, run, report.Look(run))).To(MatchError(ContainSubstring("is full")))
}

func TestAnnotationsPointAtThePythonLine(t *testing.T) {
	g := NewWithT(t)
	t.Setenv("GITHUB_WORKSPACE", "/project")
	commands := annotations(t, failures(12, "E   assert 50% == 1,\nE     with: more")...)
	g.Expect(commands).To(HaveLen(11))
	g.Expect(commands[1]).To(Equal("::error file=tests/a.py,line=2,title=tests/a.py%3A%3Atest_0001::assert 50%25 == 1,%0Awith: more"))
	g.Expect(commands[10]).To(HavePrefix("::notice title=more failures::and 2 more"))
	g.Expect(annotations(t, sessionStart, sessionEnd)).To(BeEmpty())
}

func TestGitHubGetsSummaryAndAnnotationsWhenItRunsThis(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	run, err := events.Read(logOf(t, failures(1, "E   assert 0")...) + "/events.jsonl")
	g.Expect(err).NotTo(HaveOccurred())
	path := filepath.Join(t.TempDir(), "summary")
	env := map[string]string{}
	var out strings.Builder
	publish := func() {
		g.Expect(report.Publish(run, report.Look(run), func(name string) string { return env[name] }, &out)).To(Succeed())
	}
	publish()
	g.Expect(out.String()).To(BeEmpty())
	env["GITHUB_ACTIONS"], env["GITHUB_STEP_SUMMARY"] = "true", path
	publish()
	g.Expect(out.String()).To(And(HavePrefix("\n::error file="), HaveSuffix("::assert 0\n")))
	content, err := os.ReadFile(path)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(string(content)).To(HavePrefix("# end to end: failed"))
}

package report_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/onsi/ginkgo/v2/types"
	. "github.com/onsi/gomega"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/report"
)

// many is the log of tests that passed, the first of which is called "it's [one]"
// and printed more than an outline keeps, and of one that failed.
func many(t *testing.T, passed int) string {
	t.Helper()
	lines := []string{`{"event":"session_start","time":1,"schema_version":1,"pid":1,"rootdir":"/r","pytest":"9","python":"3"}`}
	test := func(nodeID, outcome, more string) {
		for _, when := range []string{"setup", "call", "teardown"} {
			ended, with := "passed", ""
			if when == "call" {
				ended, with = outcome, more
			}
			lines = append(lines, fmt.Sprintf(
				`{"event":"phase","time":2,"nodeid":%q,"when":%q,"outcome":%q,"start":2,"stop":2,"duration":0.25,"attempt":1%s}`, nodeID, when, ended, with))
		}
		lines = append(lines, fmt.Sprintf(`{"event":"test_finish","time":2,"nodeid":%q,"outcome":%q,"attempts":1}`, nodeID, outcome))
	}
	test("t.py::it's [one]", "passed", fmt.Sprintf(`,"sections":[["Captured stdout call",%q]]`, strings.Repeat("x", events.TextLimit)))
	for number := range passed - 1 {
		test(fmt.Sprintf("t.py::test[%d]", number), "passed", "")
	}
	test("t.py::red", "failed", `,"longrepr":"E no"`)
	return logOf(t, append(lines, `{"event":"session_finish","time":3,"exitstatus":1}`)...)
}

func written(t *testing.T, dir string) (summary, teamcity string, specs map[string]types.SpecReport) {
	t.Helper()
	g := NewWithT(t)
	write(t, dir)
	read := func(name string) []byte {
		text, err := os.ReadFile(filepath.Join(dir, name))
		g.Expect(err).NotTo(HaveOccurred())
		return text
	}
	var reports []types.Report
	g.Expect(json.Unmarshal(read(report.JSONFile), &reports)).To(Succeed())
	specs = map[string]types.SpecReport{}
	for _, spec := range reports[0].SpecReports {
		specs[spec.LeafNodeText] = spec
	}
	return string(read(report.SummaryFile)), string(read(report.TeamCityFile)), specs
}

func TestTestsThatPassedAreInOutlineWhenThereAreMany(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	number := events.DetailedTests + 1
	summary, teamcity, specs := written(t, many(t, number))
	g.Expect(summary).To(ContainSubstring(fmt.Sprintf("%d of those that passed are in outline", number)))
	g.Expect(specs).To(HaveLen(number + 1))
	g.Expect(specs["test[7]"].SpecEvents).To(BeEmpty())
	g.Expect(specs["test[7]"].RunTime.Seconds()).To(Equal(0.75))
	g.Expect(specs["red"].SpecEvents).To(HaveLen(6))
	output := specs["it's [one]"].CapturedStdOutErr
	g.Expect(output).To(ContainSubstring("bytes left out: the event log has them"))
	g.Expect(len(output)).To(BeNumerically("<", 9<<20/number))
	g.Expect(strings.Count(teamcity, "##teamcity[testStarted ")).To(Equal(number + 1))
	g.Expect(strings.Count(teamcity, "##teamcity[testFinished ")).To(Equal(number + 1))
}

func TestAnOutlineCallsTestsAsGinkgoDoes(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	names := func(passed int) (found []string) {
		_, teamcity, _ := written(t, many(t, passed))
		for line := range strings.Lines(teamcity) {
			if name, isStart := strings.CutPrefix(line, "##teamcity[testStarted "); isStart {
				found = append(found, name)
			}
		}
		return found
	}
	whole := names(events.DetailedTests)
	g.Expect(whole).To(HaveLen(events.DetailedTests + 1))
	g.Expect(names(events.DetailedTests + 1)).To(ContainElements(whole))
}

func TestEverythingIsToldOfFewTests(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	summary, _, specs := written(t, many(t, events.DetailedTests))
	g.Expect(summary).NotTo(ContainSubstring("outline"))
	g.Expect(specs["test[7]"].SpecEvents).To(HaveLen(6))
	g.Expect(specs["it's [one]"].CapturedStdOutErr).NotTo(ContainSubstring("left out"))
}

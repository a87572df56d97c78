package report_test

import (
	"encoding/json"
	"encoding/xml"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/onsi/ginkgo/v2/reporters"
	"github.com/onsi/ginkgo/v2/types"
	. "github.com/onsi/gomega"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/report"
)

const module = "tests/test_outcomes.py::"

func write(t *testing.T, dir string) types.Report {
	t.Helper()
	run, err := report.Read(dir)
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	_, err = report.Write(run, dir)
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	return report.Build(run)
}

func details(t *testing.T, spec types.SpecReport) report.Details {
	t.Helper()
	NewWithT(t).Expect(spec.ReportEntries).To(HaveLen(1))
	found, ok := spec.ReportEntries[0].GetRawValue().(report.Details)
	NewWithT(t).Expect(ok).To(BeTrue())
	return found
}

func byNodeID(t *testing.T, made types.Report) map[string]types.SpecReport {
	t.Helper()
	specs := map[string]types.SpecReport{}
	for _, spec := range made.SpecReports {
		specs[details(t, spec).NodeID] = spec
	}
	return specs
}

// junit is the time of every test case of pytest's own file by class and name.
func junit(t *testing.T, dir string) map[string]float64 {
	t.Helper()
	var suites struct {
		Cases []struct {
			Class string  `xml:"classname,attr"`
			Name  string  `xml:"name,attr"`
			Time  float64 `xml:"time,attr"`
		} `xml:"testsuite>testcase"`
	}
	content, err := os.ReadFile(filepath.Join(dir, "junit.xml"))
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	NewWithT(t).Expect(xml.Unmarshal(content, &suites)).To(Succeed())
	times := map[string]float64{}
	for _, found := range suites.Cases {
		// An error in the tear-down is a second case of the same test.
		times[found.Class+"::"+found.Name] += found.Time
	}
	return times
}

func TestDurationsAreThoseOfPytestsOwnJUnitFile(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	dir, _ := finished(t)
	times := junit(t, dir)
	specs := byNodeID(t, write(t, dir))
	g.Expect(specs).To(HaveLen(12))
	g.Expect(times).To(HaveLen(12))
	for nodeID, spec := range specs {
		path, rest, _ := strings.Cut(nodeID, "::")
		class := strings.ReplaceAll(strings.TrimSuffix(path, ".py"), "/", ".")
		if inner, found := strings.CutPrefix(rest, "TestGroup::"); found {
			class, rest = class+".TestGroup", inner
		}
		g.Expect(times).To(HaveKey(class + "::" + rest))
		// pytest counts the time of a subtest twice: on its own and in the call.
		own := times[class+"::"+rest] - subtestSeconds(t, dir, nodeID)
		g.Expect(spec.RunTime.Seconds()).To(BeNumerically("~", own, 0.001), nodeID)
		g.Expect(spec.EndTime.Sub(spec.StartTime)).To(BeNumerically(">=", spec.RunTime), nodeID)
	}
	g.Expect(specs[module+"test_pass"].RunTime.Seconds()).To(BeNumerically(">=", 0.1))
}

func subtestSeconds(t *testing.T, dir, nodeID string) float64 {
	t.Helper()
	run, err := report.Read(dir)
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	sum := 0.0
	for _, subtest := range run.Test(nodeID).Last().Subtests {
		sum += subtest.Duration
	}
	return sum
}

func TestASpecIsThePythonTest(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	dir, project := finished(t)
	made := write(t, dir)
	g.Expect(made.SuiteSucceeded).To(BeFalse())
	g.Expect(made.SpecialSuiteFailureReasons).To(BeEmpty())
	states := map[string]string{}
	for nodeID, spec := range byNodeID(t, made) {
		states[strings.TrimPrefix(nodeID, module)] = spec.State.String()
		g.Expect(spec.LeafNodeLocation.FileName).To(Equal(filepath.Join(project, "tests", "test_outcomes.py")), nodeID)
		g.Expect(spec.ParallelProcess).To(BeElementOf(1, 2), nodeID)
	}
	g.Expect(states).To(Equal(map[string]string{
		"test_pass": "passed", "test_fail": "failed", "test_setup": "failed", "test_teardown": "failed",
		"test_skip": "skipped", "test_xfail": "passed", "test_waits": "passed", "test_here": "passed", "test_subtests": "passed",
		"TestGroup::test_param[a::b]": "passed", "TestGroup::test_param[c[d]]": "failed", "TestGroup::test_param[e/f]": "passed",
	}))

	failed := byNodeID(t, made)[module+"test_fail"]
	path := filepath.Join(project, "tests", "test_outcomes.py")
	g.Expect(failed.Failure.Location.FileName).To(Equal(path))
	g.Expect(failed.Failure.Location.LineNumber).To(Equal(lineOf(t, path, `assert len("one")`)))
	g.Expect(failed.Failure.Message).To(Equal("AssertionError: lengths differ | `here`"))
	g.Expect(failed.Failure.Location.FullStackTrace).To(ContainSubstring(`>       assert len("one") == 2`))
	g.Expect(failed.CapturedStdOutErr).To(ContainSubstring("printed <b>&amp;</b> 100 %s"))
	param := byNodeID(t, made)[module+"TestGroup::test_param[a::b]"]
	g.Expect(param.LeafNodeText).To(Equal("test_param[a::b]"))
	g.Expect(param.ContainerHierarchyTexts).To(Equal([]string{"tests", "test_outcomes.py", "TestGroup"}))
	g.Expect(details(t, byNodeID(t, made)[module+"test_xfail"]).Outcome).To(Equal("xfailed"))
}

func TestMachinesReadEveryFile(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	dir, _ := finished(t)
	made := write(t, dir)

	var reports []types.Report
	g.Expect(json.Unmarshal(read(t, dir, report.JSONFile), &reports)).To(Succeed())
	g.Expect(reports).To(HaveLen(1))
	g.Expect(reports[0].SpecReports).To(HaveLen(len(made.SpecReports)))
	g.Expect(read(t, dir, report.JSONFile)).To(MatchJSON(marshalled(t, []types.Report{made})))

	var suites reporters.JUnitTestSuites
	g.Expect(xml.Unmarshal(read(t, dir, report.JUnitFile), &suites)).To(Succeed())
	g.Expect([]int{suites.Tests, suites.Failures, suites.Errors, suites.Disabled}).To(Equal([]int{12, 4, 0, 1}))
	for _, found := range suites.TestSuites[0].TestCases {
		if found.Failure != nil && strings.HasSuffix(found.Name, "test_fail") {
			g.Expect(found.Failure.Message).To(Equal("AssertionError: lengths differ | `here`"))
			g.Expect(found.Failure.Description).To(ContainSubstring(`>       assert len("one") == 2`))
			g.Expect(found.SystemOut).To(ContainSubstring("100 %s"))
		}
	}
	g.Expect(string(read(t, dir, report.TeamCityFile))).To(ContainSubstring("message='failed - AssertionError: lengths differ || `here`'"))
	g.Expect(goTest(t, dir)).To(Equal(map[string]int{"pass": 7, "fail": 4, "skip": 1}))
}

func marshalled(t *testing.T, value any) []byte {
	t.Helper()
	text, err := json.Marshal(value)
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	return text
}

// goTest counts the results of the test2json lines.
func goTest(t *testing.T, dir string) map[string]int {
	t.Helper()
	counts := map[string]int{}
	for _, line := range strings.Split(strings.TrimSpace(string(read(t, dir, report.GoTestFile))), "\n") {
		var event struct{ Action, Test, Package string }
		NewWithT(t).Expect(json.Unmarshal([]byte(line), &event)).To(Succeed())
		NewWithT(t).Expect(event.Package).NotTo(BeEmpty())
		if event.Test != "" && event.Action != "run" && event.Action != "output" {
			counts[event.Action]++
		}
	}
	return counts
}

func read(t *testing.T, dir, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(dir, name))
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	return content
}

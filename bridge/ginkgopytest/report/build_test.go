package report_test

import (
	"testing"

	"github.com/onsi/ginkgo/v2/types"
	. "github.com/onsi/gomega"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/report"
)

const (
	runStart     = `{"event":"run_start","time":10,"schema_version":1,"run_id":"r1","suite":"end to end","path":"."}`
	sessionStart = `{"event":"session_start","time":11,"schema_version":1,"workers":2,"rootdir":"/project"}`
	sessionEnd   = `{"event":"session_finish","time":20,"exitstatus":1}`
	runPassed    = `{"event":"run_finish","time":21,"outcome":"passed"}`
	runFailed    = `{"event":"run_finish","time":21,"outcome":"failed"}`
)

func build(t *testing.T, lines ...string) types.Report {
	t.Helper()
	run, err := events.Read(logOf(t, lines...) + "/events.jsonl")
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	return report.Build(run)
}

func one(t *testing.T, lines ...string) types.SpecReport {
	t.Helper()
	made := build(t, lines...)
	NewWithT(t).Expect(made.SpecReports).To(HaveLen(1))
	return made.SpecReports[0]
}

func TestAKilledRunIsInterruptedAndNothingUnfinishedPassed(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	made := write(t, killed(t))
	g.Expect(made.SuiteSucceeded).To(BeFalse())
	g.Expect(made.SpecialSuiteFailureReasons).To(ConsistOf(events.CutOff))
	specs := byNodeID(t, made)
	g.Expect(specs[module+"test_pass"].State).To(Equal(types.SpecStatePassed))
	waits := specs[module+"test_waits"]
	g.Expect(waits.State).To(Equal(types.SpecStateInterrupted))
	g.Expect(waits.Failure.Message).To(HavePrefix(events.CutOff))
}

func TestATestThatNeverBeganIsInterruptedToo(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	spec := one(t, runStart, sessionStart, `{"event":"collected","time":12,"nodeids":["a.py::test_a"]}`)
	g.Expect(spec.State).To(Equal(types.SpecStateInterrupted))
	g.Expect(spec.Failure.Message).To(Equal(events.CutOff + " before this test began"))
	g.Expect(spec.LeafNodeLocation.FileName).To(Equal("/project/a.py"))
}

func TestARunThatWasKilledBeforeItsTestsNamesTheOpenSteps(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	spec := one(t, runStart,
		`{"event":"span_start","time":10,"span":"1","lane":"infrastructure","name":"etcd"}`,
		`{"event":"span_finish","time":12,"span":"1","outcome":"passed"}`,
		`{"event":"span_start","time":12,"span":"2","lane":"infrastructure","name":"postgres"}`)
	g.Expect(spec.State).To(Equal(types.SpecStateInterrupted))
	g.Expect(spec.Failure.Message).To(Equal(events.CutOff + " during: postgres"))
}

func TestAReportThatPytestNeverGaveHasTheReasonOfTheSpec(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	made := build(t, runStart, sessionStart, `{"event":"test_start","time":12,"nodeid":"a.py::test_a","worker":"gw1","path":"a.py","line":3}`,
		`{"event":"spec_finish","time":19,"spec":"a.py test_a","nodeid":"a.py::test_a","process":1,"state":"failed","message":"pytest ended (signal: killed)"}`,
		runFailed)
	spec := made.SpecReports[0]
	g.Expect(made.SpecialSuiteFailureReasons).To(BeEmpty())
	g.Expect(spec.State).To(Equal(types.SpecStateFailed))
	g.Expect(spec.Failure.Message).To(Equal("pytest ended (signal: killed)"))
	g.Expect(spec.ParallelProcess).To(Equal(2))
	g.Expect(spec.LeafNodeLocation.String()).To(Equal("/project/a.py:3"))
}

func TestTheSuitesOwnSpecsAndNodesStay(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	made := build(t, runStart,
		`{"event":"spec_finish","time":14,"start":12.5,"spec":"[BeforeSuite]","node":"BeforeSuite","process":1,"state":"passed"}`,
		`{"event":"spec_start","time":14,"spec":"counts requests","process":2}`,
		`{"event":"spec_finish","time":15,"spec":"counts requests","process":2,"state":"failed","path":"suite_test.go","line":7,"message":"too many","labels":["slow"]}`,
		runFailed)
	g.Expect(made.SpecReports).To(HaveLen(2))
	g.Expect(made.PreRunStats.TotalSpecs).To(Equal(1))
	node, spec := made.SpecReports[0], made.SpecReports[1]
	g.Expect(node.LeafNodeType).To(Equal(types.NodeTypeBeforeSuite))
	g.Expect(node.RunTime.Seconds()).To(BeNumerically("~", 1.5, 1e-6))
	g.Expect(spec.State).To(Equal(types.SpecStateFailed))
	g.Expect(spec.FullText()).To(Equal("counts requests"))
	g.Expect(spec.Failure.Message).To(Equal("too many"))
	g.Expect(spec.Failure.Location.String()).To(Equal("suite_test.go:7"))
	g.Expect(spec.Labels()).To(Equal([]string{"slow"}))
	g.Expect(spec.ParallelProcess).To(Equal(2))
}

func TestASpecThatWasNotSelectedIsSkipped(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	made := build(t, runStart, sessionStart,
		`{"event":"spec_finish","time":12,"spec":"a.py test_a","nodeid":"a.py::test_a","process":1,"state":"skipped"}`,
		sessionEnd, runPassed)
	g.Expect(made.SpecReports[0].State).To(Equal(types.SpecStateSkipped))
	g.Expect(made.PreRunStats).To(Equal(types.PreRunStats{TotalSpecs: 1, SpecsThatWillRun: 0}))
	g.Expect(made.SuiteSucceeded).To(BeTrue())
}

func TestATestThatRanWhenTheRunWasInterruptedIsNotSkipped(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	spec := one(t, runStart, sessionStart, `{"event":"test_start","time":12,"nodeid":"a.py::test_a","worker":"gw0"}`,
		`{"event":"spec_finish","time":15,"spec":"a.py test_a","nodeid":"a.py::test_a","process":1,"state":"skipped"}`,
		`{"event":"session_finish","time":20,"exitstatus":2}`, `{"event":"run_finish","time":21,"outcome":"interrupted"}`)
	g.Expect(spec.State).To(Equal(types.SpecStateInterrupted))
	g.Expect(spec.Failure.Message).To(Equal(events.CutOff + " while this test ran"))
	g.Expect(spec.RunTime.Seconds()).To(Equal(9.0))
}

func TestSubtestsAndRepeatedAttemptsAreKept(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	spec := one(t, sessionStart, `{"event":"test_start","time":12,"nodeid":"a.py::test_a","worker":"gw0"}`,
		`{"event":"phase","time":13,"nodeid":"a.py::test_a","when":"call","outcome":"rerun","start":12,"stop":13,"duration":1,"attempt":1}`,
		`{"event":"subtest","time":13.5,"nodeid":"a.py::test_a","description":"[odd]","outcome":"failed","attempt":2,"longrepr":"E   assert 0","path":"/project/a.py","line":4}`,
		`{"event":"subtest","time":13.6,"nodeid":"a.py::test_a","description":"[even]","outcome":"passed"}`,
		`{"event":"phase","time":14,"nodeid":"a.py::test_a","when":"call","outcome":"failed","start":13,"stop":14,"duration":0.5,"attempt":2}`,
		`{"event":"test_finish","time":14,"nodeid":"a.py::test_a","outcome":"failed","attempts":2}`, sessionEnd)
	g.Expect(spec.NumAttempts).To(Equal(2))
	g.Expect(spec.RunTime.Seconds()).To(Equal(1.5))
	g.Expect(spec.SpecEvents).To(HaveLen(4))
	g.Expect(spec.SpecEvents[0].Message).To(ContainSubstring("attempt 1"))
	g.Expect(spec.AdditionalFailures).To(HaveLen(1))
	g.Expect(spec.AdditionalFailures[0].Failure.Message).To(Equal("subtest [odd]: assert 0"))
	g.Expect(spec.AdditionalFailures[0].Failure.Location.LineNumber).To(Equal(4))
}

func TestACollectionErrorIsAFailureOnce(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	const failure = `{"event":"collect_error","time":12,"nodeid":"a.py","longrepr":"E   ModuleNotFoundError: no_such"}`
	spec := one(t, sessionStart, failure, `{"event":"session_finish","time":13,"exitstatus":2}`)
	g.Expect(spec.State).To(Equal(types.SpecStateFailed))
	g.Expect(spec.Failure.Message).To(Equal("ModuleNotFoundError: no_such"))
	told := one(t, runStart, failure, `{"event":"spec_finish","time":14,"spec":"pytest collects a.py","process":1,"state":"failed","message":"no_such"}`, runFailed)
	g.Expect(told.Failure.Message).To(Equal("no_such"))
}

func TestPytestsExitStatusCanFailARunWithoutAFailedTest(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	made := build(t, sessionStart, `{"event":"session_finish","time":13,"exitstatus":3}`)
	g.Expect(made.SuiteSucceeded).To(BeFalse())
	g.Expect(made.SpecialSuiteFailureReasons).To(ConsistOf("pytest ended with exit status 3"))
	g.Expect(build(t, sessionStart, `{"event":"session_finish","time":13,"exitstatus":5}`).SuiteSucceeded).To(BeTrue())
}

func TestASpecKeepsTheContainersOfTheSuite(t *testing.T) {
	t.Parallel()
	for text, containers := range map[string][]string{
		"t a.py Group test_a": {"t", "a.py", "Group"}, "mine test_a": {"mine"}, "mine": nil,
	} {
		spec := one(t, runStart, `{"event":"spec_finish","time":12,"spec":"`+text+`","nodeid":"t/a.py::Group::test_a","state":"skipped"}`, runPassed)
		NewWithT(t).Expect(spec.ContainerHierarchyTexts).To(Equal(containers))
		NewWithT(t).Expect(spec.FullText()).To(Equal(text))
	}
}

package report_test

import (
	"testing"
	"time"

	"github.com/onsi/ginkgo/v2/types"
	. "github.com/onsi/gomega"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/report"
)

var noon = time.Date(2001, 2, 3, 12, 0, 0, 0, time.UTC)

func cleanUp(line, process int, state types.SpecState) types.SpecReport {
	return types.SpecReport{
		LeafNodeType: types.NodeTypeCleanupAfterSuite, State: state, ParallelProcess: process,
		LeafNodeLocation: types.CodeLocation{FileName: "/project/suite_test.go", LineNumber: line},
		StartTime:        noon, EndTime: noon.Add(2 * time.Second),
	}
}

// ended is the report of a suite that failed, with these events.
func ended(nodes ...events.Event) types.Report {
	run := events.NewRun()
	run.Apply(events.Event{Event: events.RunStart, Time: events.Seconds(noon), Suite: "end to end"})
	for _, node := range nodes {
		run.Apply(node)
	}
	run.Apply(events.Event{Event: events.RunFinish, Time: events.Seconds(noon.Add(time.Minute)), Outcome: events.Failed})
	return report.Build(run)
}

func TestEachNodeOfASuiteIsKeptWithItsOutcome(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	made := ended(
		report.NodeEnded(cleanUp(3, 1, types.SpecStateFailed), "it leaks"),
		report.NodeEnded(cleanUp(5, 1, types.SpecStatePassed), ""),
		report.NodeEnded(cleanUp(3, 2, types.SpecStatePassed), ""),
	)
	g.Expect(made.SpecReports).To(HaveLen(3))
	failed := made.SpecReports[0]
	g.Expect(failed.State).To(Equal(types.SpecStateFailed))
	g.Expect(failed.Failure.Message).To(Equal("it leaks"))
	g.Expect(failed.LeafNodeType).To(Equal(types.NodeTypeCleanupAfterSuite))
	g.Expect(failed.RunTime).To(BeNumerically("~", 2*time.Second, time.Millisecond))
}

func TestANodeThatWasLeftOutHasNoTimes(t *testing.T) {
	t.Parallel()
	event := report.NodeEnded(types.SpecReport{LeafNodeType: types.NodeTypeAfterSuite, LeafNodeText: "stop"}, "")
	NewWithT(t).Expect([]float64{event.Start, event.Time}).To(Equal([]float64{0, 0}))
}

func TestAFailureOfTheSuiteIsAFailedNodeThatTakesNoTime(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	made := ended(report.SuiteFailed("end of the run", "somebody else seeds", noon))
	g.Expect(made.SpecReports).To(HaveLen(1))
	g.Expect(made.SpecReports[0].Failure.Message).To(Equal("somebody else seeds"))
	g.Expect(made.SpecReports[0].RunTime).To(BeZero())
	g.Expect(made.SuiteSucceeded).To(BeFalse())
}

package report

import (
	"github.com/onsi/ginkgo/v2/types"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
)

// SpecStarted is the event of a spec that begins; nodeID is empty unless it
// mirrors a test.
func SpecStarted(spec types.SpecReport, nodeID string) events.Event {
	return events.Event{Event: events.SpecStart, Spec: spec.FullText(), NodeID: nodeID, Process: spec.ParallelProcess}
}

// SpecEnded is the event of a spec that has ended; message is what the log is to
// keep of its failure.
func SpecEnded(spec types.SpecReport, nodeID, message string) events.Event {
	return events.Event{
		Event: events.SpecFinish, Spec: spec.FullText(), NodeID: nodeID, Process: spec.ParallelProcess,
		State: spec.State.String(), Path: spec.LeafNodeLocation.FileName, Line: spec.LeafNodeLocation.LineNumber,
		Message: message, Labels: spec.Labels(),
	}
}

// RunEnded is the last event of a suite by Ginkgo's own report; sound says that
// nothing beside its specs failed.
func RunEnded(ginkgo types.Report, sound bool) events.Event {
	specs := ginkgo.SpecReports.WithLeafNodeType(types.NodeTypeIt)
	passed, failed := specs.CountWithState(types.SpecStatePassed), specs.CountWithState(types.SpecStateFailureStates)
	return events.Event{
		Event: events.RunFinish, Outcome: outcomeOf(ginkgo, sound), Ran: passed + failed, Passed: passed, Failed: failed,
		Pending: specs.CountWithState(types.SpecStatePending), Skipped: specs.CountWithState(types.SpecStateSkipped),
	}
}

func outcomeOf(ginkgo types.Report, sound bool) string {
	switch {
	case ginkgo.SpecReports.CountWithState(types.SpecStateInterrupted|types.SpecStateAborted) > 0:
		return "interrupted"
	case ginkgo.SuiteSucceeded && sound:
		return events.Passed
	}
	return events.Failed
}

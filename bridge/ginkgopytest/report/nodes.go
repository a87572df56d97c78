package report

import (
	"fmt"
	"time"

	"github.com/onsi/ginkgo/v2/types"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
)

// NodeEnded is the event of one of the suite's own nodes, such as BeforeSuite;
// message is what the log is to keep of its failure.
func NodeEnded(node types.SpecReport, message string) events.Event {
	name := node.LeafNodeType.String()
	event := events.Event{
		Event: events.SpecFinish, Spec: fmt.Sprintf("[%s] %s", name, node.LeafNodeText), Node: name,
		Process: node.ParallelProcess, State: node.State.String(), Message: message,
		Path: node.LeafNodeLocation.FileName, Line: node.LeafNodeLocation.LineNumber,
	}
	// A node that was left out has no times.
	if !node.EndTime.IsZero() {
		event.Start, event.Time = events.Seconds(node.StartTime), events.Seconds(node.EndTime)
	}
	return event
}

// SuiteFailed is the event of a failure that belongs to no spec, as that of the
// report node which finds it.
func SuiteFailed(node, message string, at time.Time) events.Event {
	name := types.NodeTypeReportAfterSuite.String()
	return events.Event{
		Event: events.SpecFinish, Spec: fmt.Sprintf("[%s] %s", name, node), Node: name, Process: 1,
		State: types.SpecStateFailed.String(), Message: message,
		Time: events.Seconds(at), Start: events.Seconds(at),
	}
}

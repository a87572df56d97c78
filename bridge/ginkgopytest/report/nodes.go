package report

import (
	"fmt"
	"path/filepath"
	"time"

	"github.com/onsi/ginkgo/v2/types"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
)

// NodeEnded is the event of one of the suite's own nodes, such as BeforeSuite;
// message is what the log is to keep of its failure.
func NodeEnded(node types.SpecReport, message string) events.Event {
	event := events.Event{
		Event: events.SpecFinish, Spec: nodeName(node), Node: node.LeafNodeType.String(),
		Process: node.ParallelProcess, State: node.State.String(), Message: message,
		Path: node.LeafNodeLocation.FileName, Line: node.LeafNodeLocation.LineNumber,
	}
	// A node that was left out has no times.
	if !node.EndTime.IsZero() {
		event.Start, event.Time = events.Seconds(node.StartTime), events.Seconds(node.EndTime)
	}
	return event
}

// nodeName tells nodes apart that have no text, and the same node of several processes.
func nodeName(node types.SpecReport) string {
	text := node.LeafNodeText
	if text == "" {
		text = fmt.Sprintf("%s:%d", filepath.Base(node.LeafNodeLocation.FileName), node.LeafNodeLocation.LineNumber)
	}
	if node.ParallelProcess > 1 {
		text += fmt.Sprintf(" on process %d", node.ParallelProcess)
	}
	return fmt.Sprintf("[%s] %s", node.LeafNodeType, text)
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

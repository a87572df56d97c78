// Package rerun says what an earlier run has left to do.
package rerun

import (
	"fmt"
	"slices"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
)

// Left is what a run has left; a test that is in neither list is new to it.
type Left struct {
	// Done need not run again: they passed or were skipped, in this run or in one
	// that it went on with. Sorted.
	Done []string
	// Failed and NotRun are those that do.
	Failed, NotRun []string
}

// Of reads it from the model of a run.
func Of(run *events.Run) Left {
	done, left := map[string]bool{}, Left{}
	if run.Selection != nil {
		for _, nodeID := range run.Selection.Earlier {
			done[nodeID] = true
		}
	}
	for _, test := range run.Tests {
		switch outcome := run.Ending(test).Outcome; outcome {
		case events.Failed, events.Error:
			left.Failed = append(left.Failed, test.NodeID)
		case events.Unfinished:
			left.NotRun = append(left.NotRun, test.NodeID)
		default:
			done[test.NodeID] = true
		}
	}
	for _, nodeID := range run.Collected {
		if run.Test(nodeID) == nil && !done[nodeID] {
			left.NotRun = append(left.NotRun, nodeID)
		}
	}
	for nodeID := range done {
		left.Done = append(left.Done, nodeID)
	}
	slices.Sort(left.Done)
	return left
}

func (l Left) String() string {
	return fmt.Sprintf("%d failed, %d not run, %d done", len(l.Failed), len(l.NotRun), len(l.Done))
}

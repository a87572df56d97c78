package timeline

import (
	"fmt"
	"slices"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
)

// notes say in words what the drawing alone would leave open.
func notes(run *events.Run) []string {
	found := []string{}
	for _, fact := range run.Facts() {
		// That the suite has no end shows in the outcome, and what is cut off.
		if fact.Kind != events.RunCutOff {
			found = append(found, fact.Message)
		}
	}
	if number := run.Outline().Tests; number > 0 {
		found = append(found, fmt.Sprintf("%d tests that passed are drawn without their phases and specs; the event log has them.", number))
	}
	return found
}

// failures lists what a reader looks at first: failed tests, spans and
// collections in the order of their start, and failed specs that mirror none
// of those tests.
func failures(doc Document) []int {
	red := map[string]bool{}
	for _, bar := range doc.Bars {
		if bar.failed() && bar.NodeID != "" && doc.Lanes[bar.Lane].Group == groupTests {
			red[bar.NodeID] = true
		}
	}
	found := []int{}
	for _, bar := range doc.Bars {
		if bar.failed() && (doc.Lanes[bar.Lane].Group != groupSpecs || !red[bar.NodeID]) {
			found = append(found, bar.ID)
		}
	}
	return found
}

// outcome is the suite's word, else what the log shows.
func outcome(run *events.Run, doc Document) string {
	unfinished := slices.ContainsFunc(doc.Bars, func(bar Bar) bool { return bar.Outcome == events.Unfinished })
	switch {
	case run.Outcome != "":
		return run.Outcome
	case len(doc.Failures) > 0:
		return events.Failed
	case !run.Session.Finished() || unfinished:
		return events.Unfinished
	case *run.Session.ExitStatus != 0:
		return events.Failed
	default:
		return events.Passed
	}
}

package timeline

import (
	"fmt"
	"slices"
	"strings"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
)

// counts has each test once, under its outcome.
func counts(run *events.Run) map[string]int {
	found := map[string]int{}
	for _, test := range run.Tests {
		found[testOutcome(run, test)]++
	}
	return found
}

func testOutcome(run *events.Run, test *events.Test) string {
	if test.Outcome != "" {
		return test.Outcome
	}
	b := builder{run: run}
	_, outcome := b.cut(test, test.Worker)
	return outcome
}

// notes says in words what the drawing alone would leave open.
func notes(run *events.Run) []string {
	found := []string{}
	if run.Session.Start > 0 && !run.Session.Finished() {
		found = append(found, fmt.Sprintf(
			"This log was cut off: pytest wrote no session_finish. The last event is at %.2f s%s.",
			run.End-run.Begin, missing(run)))
	}
	if run.Session.Start == 0 {
		found = append(found, "pytest never started: the log has no session_start.")
	}
	for _, worker := range run.Workers {
		if worker.Error != "" {
			found = append(found, fmt.Sprintf("Worker %s died at %.2f s: %s", worker.Name, worker.Down-run.Begin, worker.Error))
		}
	}
	if n := len(run.CollectErrors); n > 0 {
		found = append(found, fmt.Sprintf("%s could not be collected.", plural(n, "file")))
	}
	return found
}

func missing(run *events.Run) string {
	running := 0
	for _, test := range run.Tests {
		if test.Finished == 0 {
			running++
		}
	}
	parts := []string{}
	if running > 0 {
		parts = append(parts, plural(running, "test")+" had not finished")
	}
	if n := len(run.Collected) - len(run.Tests); n > 0 {
		parts = append(parts, plural(n, "test")+" had not started")
	}
	if len(parts) == 0 {
		return ""
	}
	return "; " + strings.Join(parts, ", ")
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
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
	unfinished := slices.ContainsFunc(doc.Bars, func(bar Bar) bool { return bar.Outcome == Unfinished })
	switch {
	case run.Outcome != "":
		return run.Outcome
	case len(doc.Failures) > 0:
		return events.Failed
	case !run.Session.Finished() || unfinished:
		return Unfinished
	case *run.Session.ExitStatus != 0:
		return events.Failed
	default:
		return events.Passed
	}
}

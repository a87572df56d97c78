package summary

import (
	"cmp"
	"slices"
	"strings"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest"
	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
)

const firstTest = "launch of pytest to first test"

// preparation begins the name of what pytest's controller does before its workers start.
const preparation = "prepare "

// LogPhases are the phases that the event log has: what pytest prepared, the
// suite's steps of these names, and the time until the first test. They count
// from the begin of the run.
func LogPhases(run *events.Run, steps ...string) []Phase {
	var found []Phase
	launched := 0.0
	for _, span := range run.Spans {
		if span.Finish > 0 && (strings.HasPrefix(span.Name, preparation) || slices.Contains(steps, span.Name)) {
			found = append(found, Phase{Name: span.Name, StartS: span.Start - run.Begin, Seconds: span.Finish - span.Start})
		}
		if span.Name == ginkgopytest.PytestStep {
			launched = span.Start
		}
	}
	if first := firstStart(run.Tests); first > 0 && launched > 0 {
		found = append(found, Phase{Name: firstTest, StartS: launched - run.Begin, Seconds: first - launched})
	}
	return found
}

// firstStart is when the first test began; 0 when none did.
func firstStart(tests []*events.Test) float64 {
	first := 0.0
	for _, test := range tests {
		if start := test.Start(); start > 0 && (first == 0 || start < first) {
			first = start
		}
	}
	return first
}

// byStart orders phases as they began.
func byStart(phases []Phase) []Phase {
	ordered := slices.Clone(phases)
	slices.SortStableFunc(ordered, func(a, b Phase) int { return cmp.Compare(a.StartS, b.StartS) })
	return ordered
}

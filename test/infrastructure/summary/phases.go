package summary

import (
	"cmp"
	"slices"
	"strings"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
)

const firstTest = "launch of pytest to first test"

// preparation begins the name of what pytest's controller does before its workers start.
const preparation = "prepare "

// PytestPhases are the phases that only the event log knows. Begin of the run
// and launch of pytest are epoch seconds.
func PytestPhases(run *events.Run, begin, launched float64) []Phase {
	var found []Phase
	for _, span := range run.Spans {
		if strings.HasPrefix(span.Name, preparation) && span.Finish > 0 {
			found = append(found, Phase{Name: span.Name, StartS: span.Start - begin, Seconds: span.Finish - span.Start})
		}
	}
	first := 0.0
	for _, test := range run.Tests {
		if start := test.Start(); start > 0 && (first == 0 || start < first) {
			first = start
		}
	}
	if first > 0 {
		found = append(found, Phase{Name: firstTest, StartS: launched - begin, Seconds: first - launched})
	}
	return found
}

// byStart orders phases as they began.
func byStart(phases []Phase) []Phase {
	ordered := slices.Clone(phases)
	slices.SortStableFunc(ordered, func(a, b Phase) int { return cmp.Compare(a.StartS, b.StartS) })
	return ordered
}

package timeline

import (
	"cmp"
	"slices"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
)

const slowestTests = 10

// measure adds the figures: busy shares, the way to the first test, the slowest.
func measure(doc *Document) {
	tests := testBars(doc)
	doc.Critical, doc.Slowest = []Step{}, []int{}
	if len(tests) == 0 {
		return
	}
	first, last := tests[0].Start, tests[0].End
	for _, bar := range tests {
		first, last = min(first, bar.Start), max(last, bar.End)
	}
	doc.FirstTest = &first
	measureBusy(doc, tests, last-first)
	doc.Critical = critical(doc, first)
	slices.SortStableFunc(tests, func(x, y *Bar) int { return cmp.Compare(y.Seconds(), x.Seconds()) })
	for _, bar := range tests[:min(slowestTests, len(tests))] {
		doc.Slowest = append(doc.Slowest, bar.ID)
	}
}

// testBars are pointers: a bar is large, and there may be many thousands.
func testBars(doc *Document) []*Bar {
	var tests []*Bar
	for i := range doc.Bars {
		bar := &doc.Bars[i]
		if doc.Lanes[bar.Lane].Group == groupTests && len(bar.Phases) > 0 {
			tests = append(tests, bar)
		}
	}
	return tests
}

// measureBusy divides each worker's time in tests by the window from the first
// test's start to the last test's end in any worker.
func measureBusy(doc *Document, tests []*Bar, window float64) {
	if window <= 0 {
		return
	}
	spent := make([]float64, len(doc.Lanes))
	for _, bar := range tests {
		spent[bar.Lane] += bar.Seconds()
	}
	for i := range doc.Lanes {
		if doc.Lanes[i].Group == groupTests && doc.Lanes[i].Name != "collection" {
			busy := spent[i] / window
			doc.Lanes[i].Busy = &busy
		}
	}
}

// critical walks back from the first test: the span that finished last before
// it, then the one that finished last before that one started, and so on. The
// time between two is a gap. A suite step that encloses other spans is a
// summary of them and no step of the way.
func critical(doc *Document, first float64) []Step {
	spans := steps(doc)
	var way []Step
	for until := first; ; {
		found := -1
		for i, span := range spans {
			if span.End <= until && (found < 0 || later(span, spans[found])) {
				found = i
			}
		}
		if found < 0 {
			break
		}
		span := spans[found]
		if span.End < until {
			way = append(way, Step{Start: span.End, End: until})
		}
		id := span.ID
		way = append(way, Step{Bar: &id, Start: span.Start, End: span.End})
		until = span.Start
		spans = slices.Delete(spans, found, found+1)
	}
	slices.Reverse(way)
	if len(way) == 0 {
		way = append(way, Step{End: first})
	} else if start := way[0].Start; start > 0 {
		way = slices.Insert(way, 0, Step{End: start})
	}
	return way
}

// later prefers the span that finished last and, of those, the longest.
func later(x, y Bar) bool {
	return x.End > y.End || (x.End == y.End && x.Start < y.Start)
}

func steps(doc *Document) []Bar {
	var spans []Bar
	for _, bar := range doc.Bars {
		switch doc.Lanes[bar.Lane].Group {
		case groupInfrastructure, groupSeed, groupSuite:
			if bar.Outcome != events.Unfinished {
				spans = append(spans, bar)
			}
		}
	}
	all := slices.Clone(spans)
	return slices.DeleteFunc(spans, func(bar Bar) bool {
		return doc.Lanes[bar.Lane].Group == groupSuite && slices.ContainsFunc(all, func(other Bar) bool {
			return other.ID != bar.ID && bar.Start <= other.Start && other.End <= bar.End && other.Seconds() < bar.Seconds()
		})
	})
}

// Package compare tells two runs of a suite apart, in sentences.
package compare

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
)

const (
	// A change is told from this many seconds and this share of the time before.
	notable, share = 0.1, 0.2
	// mostNamed are the entries of a list that are named.
	mostNamed = 10
)

// Runs are the sentences that tell run from base, the weightiest first; none
// when there is nothing to tell.
func Runs(base, run *events.Run) []string {
	var found []string
	found = append(found, tests(base, run)...)
	found = append(found, outcomes(base, run)...)
	found = append(found, firstTest(base, run)...)
	found = append(found, steps(base, run)...)
	return append(found, times(base, run)...)
}

// tests are those that only one of the runs has.
func tests(base, run *events.Run) []string {
	return append(list("only in the run", missing(run, base)), list("only in the base", missing(base, run))...)
}

func missing(from, in *events.Run) []string {
	var found []string
	for _, test := range from.Tests {
		if in.Test(test.NodeID) == nil {
			found = append(found, test.NodeID)
		}
	}
	return found
}

// outcomes are those that changed.
func outcomes(base, run *events.Run) []string {
	var found []string
	for _, test := range run.Tests {
		before := base.Test(test.NodeID)
		if before == nil {
			continue
		}
		was, is := base.Ending(before), run.Ending(test)
		if was.Outcome == is.Outcome {
			continue
		}
		sentence := fmt.Sprintf("%s was %s and is %s", test.NodeID, was.Outcome, is.Outcome)
		if is.Message != "" {
			sentence += ": " + is.Message
		}
		found = append(found, sentence)
	}
	return limited(found)
}

// firstTest says when it began, and which step made the difference.
func firstTest(base, run *events.Run) []string {
	before, after := firstStart(base), firstStart(run)
	later := after - before
	if math.IsNaN(later) || !notices(later, before) {
		return nil
	}
	sentence := fmt.Sprintf("first test %s", shift(later))
	if name, change, known := cause(base, run, after, later); known {
		sentence += fmt.Sprintf(" because %s came %s", name, shift(change))
	}
	return []string{sentence}
}

// firstStart is in seconds from the begin of the run; NaN without a test.
func firstStart(run *events.Run) float64 {
	first := math.NaN()
	for _, test := range run.Tests {
		if start := test.Start() - run.Begin; test.Start() > 0 && !(first <= start) {
			first = start
		}
	}
	return first
}

// cause is the step before the first test whose own time changed most in the
// direction of the shift, and by how much it came to its end later.
func cause(base, run *events.Run, first, later float64) (name string, change float64, known bool) {
	most := 0.0
	for _, pair := range pairs(base, run) {
		slower := length(pair.after) - length(pair.before)
		end := pair.after.Finish - run.Begin
		if end > first || slower*later <= 0 || math.Abs(slower) < math.Abs(later)/2 || math.Abs(slower) <= most {
			continue
		}
		moved := end - (pair.before.Finish - base.Begin)
		if moved*later > 0 {
			most, name, change, known = math.Abs(slower), pair.after.Name, moved, true
		}
	}
	return name, change, known
}

type pair struct{ before, after *events.Span }

// pairs are the steps that both runs have and ended, the first of each name.
func pairs(base, run *events.Run) []pair {
	type key struct{ lane, name string }
	known := map[key]*events.Span{}
	for _, span := range slices.Backward(base.Spans) {
		if span.Finish > 0 {
			known[key{span.Lane, span.Name}] = span
		}
	}
	var found []pair
	for _, span := range run.Spans {
		place := key{span.Lane, span.Name}
		if before := known[place]; before != nil && span.Finish > 0 {
			found = append(found, pair{before, span})
			delete(known, place)
		}
	}
	return found
}

func length(span *events.Span) float64 { return span.Finish - span.Start }

// steps are those that took another time or ended in another way.
func steps(base, run *events.Run) []string {
	var changed []change
	for _, pair := range pairs(base, run) {
		before, after := length(pair.before), length(pair.after)
		sentence := fmt.Sprintf("step %s took %s: %.1f s, before %.1f s", pair.after.Name, longer(after-before), after, before)
		if pair.before.Outcome != pair.after.Outcome {
			sentence = fmt.Sprintf("step %s was %s and is %s: %s", pair.after.Name, pair.before.Outcome, pair.after.Outcome,
				events.FirstLine(pair.after.Message))
		} else if !notices(after-before, before) {
			continue
		}
		changed = append(changed, change{after - before, sentence})
	}
	return ranked(changed)
}

// times are the tests that took another time, and all of them together.
func times(base, run *events.Run) []string {
	var changed []change
	before, after := 0.0, 0.0
	for _, test := range run.Tests {
		earlier := base.Test(test.NodeID)
		if earlier == nil {
			continue
		}
		was, is := earlier.Seconds(), test.Seconds()
		before, after = before+was, after+is
		if notices(is-was, was) {
			changed = append(changed, change{is - was, fmt.Sprintf("%s took %s: %.1f s, before %.1f s", test.NodeID, longer(is-was), is, was)})
		}
	}
	found := ranked(changed)
	if notices(after-before, before) {
		found = append(found, fmt.Sprintf("the tests of both took %s: %.1f s, before %.1f s", longer(after-before), after, before))
	}
	if was, is := base.End-base.Begin, run.End-run.Begin; notices(is-was, was) {
		found = append(found, fmt.Sprintf("the run took %s: %.1f s, before %.1f s", longer(is-was), is, was))
	}
	return found
}

// notices says that a change of what took so many seconds is worth telling.
func notices(change, before float64) bool {
	return math.Abs(change) >= notable && math.Abs(change) >= share*before
}

type change struct {
	seconds  float64
	sentence string
}

func ranked(changed []change) []string {
	slices.SortStableFunc(changed, func(x, y change) int { return cmp.Compare(math.Abs(y.seconds), math.Abs(x.seconds)) })
	var sentences []string
	for _, change := range changed {
		sentences = append(sentences, change.sentence)
	}
	return limited(sentences)
}

func list(what string, nodeIDs []string) []string {
	if len(nodeIDs) == 0 {
		return nil
	}
	slices.Sort(nodeIDs)
	found := []string{fmt.Sprintf("%d tests %s:", len(nodeIDs), what)}
	for _, nodeID := range limited(nodeIDs) {
		found = append(found, "  "+nodeID)
	}
	return found
}

func limited(sentences []string) []string {
	if more := len(sentences) - mostNamed; more > 0 {
		return append(slices.Clone(sentences[:mostNamed]), fmt.Sprintf("and %d more", more))
	}
	return sentences
}

func shift(seconds float64) string {
	if seconds < 0 {
		return fmt.Sprintf("%.1f s earlier", -seconds)
	}
	return fmt.Sprintf("%.1f s later", seconds)
}

func longer(seconds float64) string {
	if seconds < 0 {
		return fmt.Sprintf("%.1f s less", -seconds)
	}
	return fmt.Sprintf("%.1f s more", seconds)
}

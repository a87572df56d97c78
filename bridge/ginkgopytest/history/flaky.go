package history

import (
	"slices"
	"strings"
)

// Past is what the index knows of one test.
type Past struct {
	NodeID string `json:"nodeid"`
	// Outcomes has a letter for each of the last runs, oldest first.
	Outcomes string `json:"outcomes"`
	// Flips counts the changes between passing and failing.
	Flips int `json:"flips"`
	// Flaky says that the outcome changed without a change of the source, or
	// that a test passed after a rerun.
	Flaky bool `json:"flaky"`
	// Median and Last are seconds.
	Median float64 `json:"median"`
	Last   float64 `json:"last"`
}

// Past returns that of a test; false when the index does not know it.
func (i *Index) Past(nodeID string) (Past, bool) {
	test := i.Tests[nodeID]
	if test == nil {
		return Past{}, false
	}
	sorted := slices.Sorted(slices.Values(test.Seconds))
	return Past{
		NodeID: nodeID, Outcomes: test.Outcomes, Flips: flips(test.Outcomes), Flaky: i.flaky(test),
		Median: sorted[len(sorted)/2], Last: test.Seconds[len(test.Seconds)-1],
	}, true
}

// All are the pasts of all tests: the flaky ones first, then by flips.
func (i *Index) All() []Past {
	var all []Past
	for nodeID := range i.Tests {
		past, _ := i.Past(nodeID)
		all = append(all, past)
	}
	slices.SortFunc(all, func(x, y Past) int {
		switch {
		case x.Flaky != y.Flaky && x.Flaky:
			return -1
		case x.Flaky != y.Flaky:
			return 1
		case x.Flips != y.Flips:
			return y.Flips - x.Flips
		}
		return strings.Compare(x.NodeID, y.NodeID)
	})
	return all
}

// FlakyIn are the flaky tests that the run with an id had, of which its own
// source is witness: their outcomes differ on one tree, or within the run.
func (i *Index) FlakyIn(id string) []Past {
	at := slices.IndexFunc(i.Runs, func(run Run) bool { return run.ID == id })
	if at < 0 {
		return nil
	}
	run := i.Runs[at]
	var found []Past
	for _, past := range i.All() {
		test := i.Tests[past.NodeID]
		last := slices.Index(test.Runs, run.Number)
		if last < 0 {
			continue
		}
		if test.Outcomes[last] == repeated || run.Tree != "" && i.verdicts(test)[run.Tree] == passedOnce|failedOnce {
			found = append(found, past)
		}
	}
	return found
}

func (i *Index) flaky(test *Test) bool {
	if strings.IndexByte(test.Outcomes, repeated) >= 0 {
		return true
	}
	for _, seen := range i.verdicts(test) {
		if seen == passedOnce|failedOnce {
			return true
		}
	}
	return false
}

const (
	passedOnce = 1 << iota
	failedOnce
)

// verdicts are, by tree, whether the test passed and failed on it.
func (i *Index) verdicts(test *Test) map[string]int {
	seen := map[string]int{}
	for at, number := range test.Runs {
		place, known := slices.BinarySearchFunc(i.Runs, number, func(run Run, number int) int { return run.Number - number })
		if known && i.Runs[place].Tree != "" {
			seen[i.Runs[place].Tree] |= verdict(test.Outcomes[at])
		}
	}
	return seen
}

// verdict is 0 of what neither passed nor failed.
func verdict(outcome byte) int {
	switch {
	case outcome == repeated, strings.IndexByte(good, outcome) >= 0:
		return passedOnce
	case strings.IndexByte(bad, outcome) >= 0:
		return failedOnce
	}
	return 0
}

func flips(outcomes string) int {
	count, before := 0, 0
	for _, outcome := range []byte(outcomes) {
		kind := verdict(outcome)
		if kind == 0 {
			continue
		}
		if before != 0 && kind != before {
			count++
		}
		before = kind
	}
	return count
}

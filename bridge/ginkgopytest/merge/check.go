package merge

import (
	"fmt"
	"slices"
	"strings"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
)

// mostNamed are the tests that a problem names.
const mostNamed = 10

// Check says why the shards are not one whole run: a shard is missing or there
// twice, they collected different tests, a test is reported by two of them, or
// what they report is not what was expected. None when all is well.
func Check(shards []Shard) []string {
	problems := append(complete(shards), sameTests(shards)...)
	expected, reporters := expectedTests(shards), map[string][]string{}
	for _, shard := range shards {
		for _, test := range shard.Run.Tests {
			if shard.Run.Ending(test).Outcome != events.Unfinished {
				reporters[test.NodeID] = append(reporters[test.NodeID], shard.Label)
			}
		}
	}
	var lost, twice, strange []string
	for nodeID := range expected {
		if len(reporters[nodeID]) == 0 {
			lost = append(lost, nodeID)
		}
	}
	for nodeID, labels := range reporters {
		if len(labels) > 1 {
			twice = append(twice, nodeID+" by "+strings.Join(labels, " and "))
		}
		if !expected[nodeID] {
			strange = append(strange, nodeID)
		}
	}
	problems = append(problems, named("reported by no shard", lost)...)
	problems = append(problems, named("reported by more than one shard", twice)...)
	return append(problems, named("reported though no shard was to run them", strange)...)
}

// complete says which parts are missing, and which are there twice.
func complete(shards []Shard) []string {
	var problems []string
	have := map[string][]string{}
	of := 0
	for _, shard := range shards {
		have[shard.Label] = append(have[shard.Label], shard.Dir)
		if selection := shard.Run.Selection; selection != nil && selection.Shard != "" {
			index := 0
			_, _ = fmt.Sscanf(selection.Shard, "%d/%d", &index, &of)
		}
	}
	for index := 1; index <= of; index++ {
		if label := fmt.Sprintf("%d/%d", index, of); have[label] == nil {
			problems = append(problems, fmt.Sprintf("shard %s is missing", label))
		}
	}
	for _, shard := range shards {
		if dirs := have[shard.Label]; len(dirs) > 1 && dirs[0] == shard.Dir {
			problems = append(problems, fmt.Sprintf("shard %s is there twice: %s", shard.Label, strings.Join(dirs, ", ")))
		}
		if of > 0 && !strings.HasSuffix(shard.Label, fmt.Sprintf("/%d", of)) {
			problems = append(problems, fmt.Sprintf("%s is no shard of %d: %s", shard.Label, of, shard.Dir))
		}
	}
	return problems
}

// sameTests holds what each shard collected against the first one's.
func sameTests(shards []Shard) []string {
	var problems []string
	first := shards[0].Run.Selection
	for _, shard := range shards[1:] {
		if first == nil || shard.Run.Selection == nil {
			continue
		}
		only := slices.Concat(without(first.Tests, shard.Run.Selection.Tests), without(shard.Run.Selection.Tests, first.Tests))
		problems = append(problems, named(fmt.Sprintf("collected by only one of the shards %s and %s", shards[0].Label, shard.Label), only)...)
	}
	return problems
}

// expectedTests are those of the one list that neither a filter nor an earlier
// run takes out; of runs that were no shards, what they collected.
func expectedTests(shards []Shard) map[string]bool {
	expected := map[string]bool{}
	for _, shard := range shards {
		tests := shard.Run.Collected
		if shard.Run.Selection != nil {
			tests = shard.Run.Selection.Tests
		}
		for _, nodeID := range tests {
			expected[nodeID] = true
		}
	}
	for _, shard := range shards {
		if selection := shard.Run.Selection; selection != nil {
			for _, nodeID := range slices.Concat(selection.Earlier, selection.Deselected) {
				delete(expected, nodeID)
			}
		}
	}
	return expected
}

func without(from, gone []string) []string {
	known := map[string]bool{}
	for _, nodeID := range gone {
		known[nodeID] = true
	}
	return slices.DeleteFunc(slices.Clone(from), func(nodeID string) bool { return known[nodeID] })
}

func named(what string, nodeIDs []string) []string {
	if len(nodeIDs) == 0 {
		return nil
	}
	slices.Sort(nodeIDs)
	text := fmt.Sprintf("%d tests %s: %s", len(nodeIDs), what, strings.Join(nodeIDs[:min(len(nodeIDs), mostNamed)], ", "))
	if len(nodeIDs) > mostNamed {
		text += ", ..."
	}
	return []string{text}
}

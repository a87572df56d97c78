// Package merge puts the event logs of shards together: one log, and a check
// that they have each expected test once.
package merge

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
)

// Shard is one run that is merged.
type Shard struct {
	// Dir has its log.
	Dir string
	Run *events.Run
	// Label is such as 1/3; of a run that was no shard the name of its folder.
	Label string
	// Offset is added to its times; ClockKnown says that it is right, because the
	// shard ran on the machine of the first one.
	Offset     float64
	ClockKnown bool
}

// Shards are the runs in the order of their labels.
func Shards(dirs []string, runs []*events.Run) []Shard {
	var shards []Shard
	for i, run := range runs {
		label := filepath.Base(dirs[i])
		if run.Selection != nil && run.Selection.Shard != "" {
			label = run.Selection.Shard
		}
		shards = append(shards, Shard{Dir: dirs[i], Run: run, Label: label})
	}
	slices.SortStableFunc(shards, func(x, y Shard) int {
		return cmp.Or(cmp.Compare(part(x.Run), part(y.Run)), cmp.Compare(x.Label, y.Label))
	})
	for i := range shards {
		shards[i].Offset, shards[i].ClockKnown = offset(shards[0].Run.Clock, shards[i].Run.Clock)
	}
	return shards
}

// part is the number of a shard; 0 of what is none.
func part(run *events.Run) (index int) {
	if run.Selection != nil {
		_, _ = fmt.Sscanf(run.Selection.Shard, "%d/", &index)
	}
	return index
}

// offset is by how much the wall clock of the other is behind. Two wall clocks
// can be compared through a monotonic clock that both have: on one machine.
func offset(first, other events.Clock) (seconds float64, known bool) {
	if first.Boot == "" || first.Boot != other.Boot {
		return 0, first == other
	}
	return (first.Wall - first.Monotonic) - (other.Wall - other.Monotonic), true
}

// Describe says where the shard ran and what became of its clock.
func (s Shard) Describe() string {
	text := fmt.Sprintf("%s: %s, %d tests", s.Label, cmp.Or(s.Run.Clock.Host, "unknown host"), len(s.Run.Tests))
	if !s.ClockKnown {
		return text + ", another machine: its clock is taken as it is"
	}
	return text + fmt.Sprintf(", clock %+.3f s", s.Offset)
}

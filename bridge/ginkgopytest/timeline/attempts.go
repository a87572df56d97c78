package timeline

import (
	"cmp"
	"math"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
)

// unreported is the phase that ran when its worker died or the log ended.
const unreported = "unreported"

func (b *builder) addWorkers() {
	for _, worker := range b.run.Workers {
		lane := &b.doc.Lanes[b.lane(groupTests, worker.Name)]
		if worker.Up > 0 {
			up := b.seconds(worker.Up)
			lane.Up = &up
		}
		if worker.Down > 0 {
			down := b.seconds(worker.Down)
			lane.Down, lane.Error = &down, worker.Error
		}
	}
}

func (b *builder) addTests() {
	for _, test := range b.run.Tests {
		attempts := test.Attempts()
		for i := range attempts {
			bar := b.attemptBar(test, &attempts[i])
			if len(attempts) > 1 {
				bar.Attempt, bar.Attempts = i+1, len(attempts)
			}
			if i < len(attempts)-1 {
				bar.Outcome = events.Rerun
			} else {
				b.finish(&bar, test, attempts[i])
			}
			b.add(bar)
		}
	}
}

func (b *builder) attemptBar(test *events.Test, attempt *events.Attempt) Bar {
	bar := Bar{
		Lane: b.lane(groupTests, b.workerLane(attempt.Worker)), Name: test.NodeID, NodeID: test.NodeID,
		Start: b.seconds(cmp.Or(attempt.Start(), test.Started)), Place: b.place(test.Definition),
		test: test, attempt: attempt, brief: b.outline.Covers(test),
	}
	bar.End = bar.Start
	for _, phase := range attempt.Phases {
		start, end := b.seconds(phase.Start), b.seconds(phase.Stop)
		bar.Phases = append(bar.Phases, Phase{When: phase.When, Outcome: phase.Outcome, Start: start, End: end})
		bar.End = max(bar.End, end)
	}
	for _, subtest := range attempt.Subtests {
		bar.Subtests = append(bar.Subtests, Subtest{Description: subtest.Description, Outcome: subtest.Outcome})
	}
	return bar
}

// finish gives the last attempt the test's outcome, and an end if pytest
// reported none.
func (b *builder) finish(bar *Bar, test *events.Test, last events.Attempt) {
	ending := b.run.Ending(test)
	bar.Outcome, bar.Message = ending.Outcome, ending.Message
	if place := test.Failure(); place.Known() {
		bar.Place = b.place(place)
	}
	if last.Ended() {
		return
	}
	start := bar.End
	bar.End = max(bar.End, b.seconds(ending.Time))
	bar.Phases = append(bar.Phases, Phase{When: unreported, Outcome: bar.Outcome, Start: start, End: bar.End})
}

// workerLane is the lane of a test whose events may not name a worker.
func (b *builder) workerLane(worker string) string {
	switch {
	case worker != "":
		return worker
	case len(b.run.Workers) == 0:
		return "pytest"
	case len(b.run.Workers) == 1:
		return b.run.Workers[0].Name
	default:
		return "unknown worker"
	}
}

// microseconds rounds seconds to whole microseconds.
func microseconds(seconds float64) float64 { return math.Round(seconds * 1e6) }

package timeline

import (
	"cmp"
	"math"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
)

// unreported is the phase that ran when its worker died or the log ended.
const unreported = "unreported"

// attempt is one try of a test in one worker.
type attempt struct {
	worker string
	phases []events.Event
	// reports are texts that belong to no timed phase: a crash.
	reports []events.Event
}

// attempts cuts a test's phases where set-up begins again or the worker changes.
func attempts(test *events.Test) []attempt {
	tries := []attempt{{}}
	for _, phase := range test.Phases {
		last := &tries[len(tries)-1]
		if phase.Start == 0 {
			if last.ended() {
				tries = append(tries, attempt{})
				last = &tries[len(tries)-1]
			}
			last.reports = append(last.reports, phase)
			last.worker = cmp.Or(last.worker, phase.Worker)
			continue
		}
		begins := phase.When == "setup" || (last.worker != "" && phase.Worker != "" && phase.Worker != last.worker)
		if begins && len(last.phases) > 0 {
			tries = append(tries, attempt{})
			last = &tries[len(tries)-1]
		}
		last.phases = append(last.phases, phase)
		last.worker = cmp.Or(phase.Worker, last.worker)
	}
	if last := tries[len(tries)-1]; last.ended() && test.Finished == 0 && test.Started > last.stop() {
		tries = append(tries, attempt{})
	}
	last := &tries[len(tries)-1]
	last.worker = cmp.Or(last.worker, test.Worker)
	return tries
}

// ended says that the attempt was reported to its end.
func (a attempt) ended() bool {
	return len(a.phases) > 0 && a.phases[len(a.phases)-1].When == "teardown"
}

func (a attempt) stop() float64 { return a.phases[len(a.phases)-1].Stop }

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
		tries := attempts(test)
		for i, try := range tries {
			bar := b.attemptBar(test, try)
			addSubtests(&bar, test, i+1, len(tries))
			if len(tries) > 1 {
				bar.Attempt, bar.Attempts = i+1, len(tries)
			}
			if i < len(tries)-1 {
				bar.Outcome = events.Rerun
			} else {
				b.finish(&bar, test, try)
			}
			b.add(bar)
		}
	}
}

func (b *builder) attemptBar(test *events.Test, try attempt) Bar {
	bar := Bar{
		Lane: b.lane(groupTests, b.workerLane(try.worker)), Name: test.NodeID, NodeID: test.NodeID,
		Start: b.seconds(test.Started), Place: b.place(test.Path, test.Line),
	}
	if len(try.phases) > 0 {
		bar.Start = b.seconds(try.phases[0].Start)
	}
	bar.End = bar.Start
	for _, phase := range try.phases {
		start, end := b.seconds(phase.Start), b.seconds(phase.Stop)
		bar.Phases = append(bar.Phases, Phase{When: phase.When, Outcome: phase.Outcome, Start: start, End: end})
		bar.End = max(bar.End, end)
		if len(phase.Sections) > 0 {
			bar.Output = phase.Sections
		}
	}
	for _, phase := range append(try.phases, try.reports...) {
		if phase.LongRepr != "" {
			bar.Reports = append(bar.Reports, [2]string{phaseTitle(phase), phase.LongRepr})
		}
	}
	return bar
}

// finish gives the last attempt the test's outcome, and an end if pytest
// reported none.
func (b *builder) finish(bar *Bar, test *events.Test, try attempt) {
	bar.Outcome = test.Outcome
	if path, line := test.Failure(); path != "" {
		bar.Place = b.place(path, line)
	}
	if test.Reason != "" && len(bar.Reports) == 0 {
		bar.Reports = [][2]string{{"reason", test.Reason}}
	}
	if try.ended() {
		bar.Outcome = cmp.Or(test.Outcome, Unfinished)
		return
	}
	start := bar.End
	end, outcome := b.cut(test, try.worker)
	bar.End = max(bar.End, b.seconds(end))
	bar.Outcome = cmp.Or(test.Outcome, outcome)
	bar.Phases = append(bar.Phases, Phase{When: unreported, Outcome: bar.Outcome, Start: start, End: bar.End})
}

// addSubtests gives an attempt its own subtests; one that does not know its
// attempt belongs to the last.
func addSubtests(bar *Bar, test *events.Test, number, attempts int) {
	for _, subtest := range test.Subtests {
		if cmp.Or(subtest.Attempt, attempts) != number {
			continue
		}
		bar.Subtests = append(bar.Subtests, Subtest{Description: subtest.Description, Outcome: subtest.Outcome})
		if subtest.LongRepr != "" {
			bar.Reports = append(bar.Reports, [2]string{"subtest " + subtest.Description, subtest.LongRepr})
		}
	}
}

// cut is when a test ended that has no teardown: with its worker, with
// test_finish, or with the log.
func (b *builder) cut(test *events.Test, worker string) (float64, string) {
	for _, w := range b.run.Workers {
		if w.Name == worker && w.Down > 0 && w.Down >= test.Started {
			return w.Down, events.Failed
		}
	}
	if test.Finished > 0 {
		return test.Finished, test.Outcome
	}
	return b.run.End, Unfinished
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

func phaseTitle(phase events.Event) string {
	switch phase.When {
	case "setup", "call", "teardown":
		return phase.When + " " + phase.Outcome
	default:
		return "crash"
	}
}

// microseconds rounds seconds to whole microseconds.
func microseconds(seconds float64) float64 { return math.Round(seconds * 1e6) }

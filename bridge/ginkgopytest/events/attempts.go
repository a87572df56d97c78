package events

import (
	"cmp"
	"fmt"
	"slices"
)

func (r *Run) applyTest(e Event) {
	test := r.tests[e.NodeID]
	if test == nil {
		test = &Test{NodeID: e.NodeID}
		r.tests[e.NodeID] = test
		r.Tests = append(r.Tests, test)
	}
	if e.Worker != "" {
		test.Worker = r.shared(e.Worker)
	}
	switch e.Event {
	case TestStart:
		test.Started, test.PID = e.Time, e.PID
		test.Definition = Place{r.shared(e.Path), e.Line}
	case TestPhase:
		start, stop := times(e)
		test.takePhase(e.Attempt, Phase{
			When: r.shared(e.When), Outcome: r.shared(e.Outcome), Worker: r.shared(e.Worker),
			Start: start, Stop: stop, Duration: e.Duration,
			Place: Place{r.shared(e.Path), e.Line}, Message: message(e), source: sourceOf(e),
		})
	case TestSubtest:
		test.takeSubtest(e.Attempt, Subtest{
			Description: e.Description, Outcome: r.shared(e.Outcome), Message: message(e), Duration: e.Duration,
			Place: Place{r.shared(e.Path), e.Line}, source: sourceOf(e),
		})
	case TestFinish:
		test.finish(e)
	}
}

// times of a phase that has none, because its test set the clock of pytest, are
// those of its report. A crash has no times.
func times(e Event) (start, stop float64) {
	if e.Start == 0 && isPhase(e.When) {
		return e.Time - e.Duration, e.Time
	}
	return e.Start, e.Stop
}

func isPhase(when string) bool { return when == SetUp || when == Call || when == Teardown }

// message is the writer's own line, else the traceback's.
func message(e Event) string {
	if e.Message != "" || e.LongRepr == "" {
		return e.Message
	}
	return oneLine(e.LongRepr)
}

// takePhase begins an attempt where its writer counted one, set-up begins again
// or another worker has it. A worker writes test_start by itself, and maybe
// before the controller has written the end of the attempt before: it says
// nothing about attempts.
func (t *Test) takePhase(number int, phase Phase) {
	current := t.number(number)
	if open := t.openIn(phase.Worker); open != nil {
		current = open
	}
	if !isPhase(phase.When) {
		if current.Ended() {
			current = t.begin()
		}
		current.Crashes = append(current.Crashes, phase)
		current.Worker = cmp.Or(current.Worker, phase.Worker, t.Worker)
		return
	}
	moved := current.Worker != "" && phase.Worker != "" && phase.Worker != current.Worker
	if len(current.Phases) > 0 && (phase.When == SetUp || moved) {
		current = t.begin()
	}
	if current.Phases == nil {
		const usual = 3
		current.Phases = make([]Phase, 0, usual)
	}
	current.Phases = append(current.Phases, phase)
	current.Worker = cmp.Or(phase.Worker, current.Worker, t.Worker)
}

// openIn is the attempt that a worker has begun and not ended: with `--dist
// each`, all workers have one of the same test.
func (t *Test) openIn(worker string) *Attempt {
	for i := len(t.attempts) - 1; i >= 0 && worker != ""; i-- {
		if attempt := &t.attempts[i]; attempt.Worker == worker && !attempt.Ended() {
			return attempt
		}
	}
	return nil
}

// takeSubtest gives it to its attempt.
func (t *Test) takeSubtest(number int, subtest Subtest) {
	attempt := t.number(number)
	if number > 0 {
		attempt = &t.attempts[number-1]
	}
	attempt.Subtests = append(attempt.Subtests, subtest)
}

// number is the last attempt once there are as many as the writer has counted.
func (t *Test) number(number int) *Attempt {
	last := t.last()
	for len(t.attempts) < number {
		last = t.begin()
	}
	return last
}

func (t *Test) last() *Attempt {
	if len(t.attempts) == 0 {
		t.attempts = append(t.attempts, Attempt{})
	}
	return &t.attempts[len(t.attempts)-1]
}

func (t *Test) begin() *Attempt {
	t.last().Outcome = Rerun
	t.attempts = append(t.attempts, Attempt{})
	return t.last()
}

func (t *Test) finish(e Event) {
	t.Finished, t.Outcome, t.ran, t.reason = e.Time, e.Outcome, e.Attempts, sourceOf(e)
	last := t.last()
	last.Outcome, last.Worker = e.Outcome, cmp.Or(last.Worker, t.Worker)
	if e.Outcome == Passed {
		return
	}
	t.Message = cmp.Or(t.decisive(), oneLine(e.Reason), e.Outcome)
}

// decisive is the line of the phase that decided; of failed sub-tests it is
// that of the first one, for pytest's own line only counts them.
func (t *Test) decisive() string {
	for _, attempt := range slices.Backward(t.attempts) {
		if message := attempt.decisive(t.Outcome); message != "" {
			return message
		}
	}
	return ""
}

func (a Attempt) decisive(outcome string) string {
	for _, phase := range a.reports() {
		if phase.Outcome == outcome && phase.Message != "" && (phase.Place.Known() || len(a.Subtests) == 0) {
			return phase.Message
		}
	}
	for _, subtest := range a.Subtests {
		if subtest.Failed() {
			return fmt.Sprintf("subtest %s: %s", subtest.Description, cmp.Or(subtest.Message, subtest.Outcome))
		}
	}
	return ""
}

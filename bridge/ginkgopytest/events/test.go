package events

import (
	"cmp"
	"fmt"
	"slices"
)

// Place is a line of a file.
type Place struct {
	Path string
	Line int
}

// Known says that there is a file and a line.
func (p Place) Known() bool { return p.Path != "" && p.Line > 0 }

func (p Place) String() string { return fmt.Sprintf("%s:%d", p.Path, p.Line) }

// Test is one Python test, as far as the log tells.
type Test struct {
	NodeID, Worker string
	PID            int
	// Definition is where the test stands.
	Definition Place
	// Started is the time of the last test_start.
	Started float64
	// Finished is the time of test_finish; 0 while the test has not ended.
	Finished float64
	// Outcome is empty while the test has not ended.
	Outcome string
	// Message is in one line why the test did not pass.
	Message string

	ran      int
	attempts []Attempt
	reason   *source
}

// Attempt is one try of a test in one worker.
type Attempt struct {
	Worker string
	// Outcome is rerun of one that was repeated, and the test's of the last one.
	Outcome string
	Phases  []Phase
	// Crashes are reports that belong to no timed phase.
	Crashes  []Phase
	Subtests []Subtest
}

// Phase is set-up, call or teardown as pytest reported it; When is empty of a
// report about a crash. Place and Message are those of its failure.
type Phase struct {
	When, Outcome, Worker string
	Start, Stop, Duration float64
	Place                 Place
	Message               string

	source *source
}

// HasTexts says that Texts has something to read.
func (p Phase) HasTexts() bool { return p.source != nil }

// Texts are its traceback, and the output that no earlier phase had.
func (p Phase) Texts() Texts { return p.source.texts() }

// Subtest is one result of pytest's subtests fixture or of unittest's subTest.
type Subtest struct {
	Description, Outcome, Message string
	Duration                      float64
	Place                         Place

	source *source
}

// LongRepr is its traceback.
func (s Subtest) LongRepr() string { return s.source.texts().LongRepr }

// Failed says that it fails its test.
func (s Subtest) Failed() bool { return IsFailure(s.Outcome) }

// IsFailure says that an outcome is one.
func IsFailure(outcome string) bool { return outcome == Failed || outcome == Error }

// Ended says that the attempt was reported to its end.
func (a Attempt) Ended() bool {
	return len(a.Phases) > 0 && a.Phases[len(a.Phases)-1].When == Teardown
}

// Start is when its first phase began; 0 without phases.
func (a Attempt) Start() float64 {
	if len(a.Phases) == 0 {
		return 0
	}
	return a.Phases[0].Start
}

// Stop is when its last phase ended; 0 without phases.
func (a Attempt) Stop() float64 {
	if len(a.Phases) == 0 {
		return 0
	}
	return a.Phases[len(a.Phases)-1].Stop
}

// Attempts has at least one entry; the last one may have begun only.
func (t *Test) Attempts() []Attempt {
	last := len(t.attempts) - 1
	if last < 0 {
		return []Attempt{{Worker: t.Worker, Outcome: t.Outcome}}
	}
	if t.attempts[last].Ended() && t.Finished == 0 && t.Started > t.attempts[last].Stop() {
		found := append([]Attempt{}, t.attempts...)
		found[last].Outcome = Rerun
		return append(found, Attempt{Worker: t.Worker})
	}
	return t.attempts
}

// Last is the attempt that decides.
func (t *Test) Last() Attempt {
	attempts := t.Attempts()
	return attempts[len(attempts)-1]
}

// Ran is how often the test ran, as pytest counted if it did; at least once.
func (t *Test) Ran() int { return max(1, t.ran, len(t.attempts)) }

// Seconds is the test's time as pytest's JUnit file has it: set-up, call and
// teardown, of every attempt.
func (t *Test) Seconds() float64 {
	total := 0.0
	for _, attempt := range t.attempts {
		for _, phase := range attempt.Phases {
			total += phase.Duration
		}
	}
	return total
}

// Start is when the test began: its first phase, else test_start.
func (t *Test) Start() float64 {
	for _, attempt := range t.attempts {
		if start := attempt.Start(); start > 0 {
			return start
		}
	}
	return t.Started
}

// Stop is when its last phase ended, else test_finish; 0 while it runs.
func (t *Test) Stop() float64 {
	for i := len(t.attempts) - 1; i >= 0; i-- {
		if stop := t.attempts[i].Stop(); stop > 0 {
			return stop
		}
	}
	return t.Finished
}

// Failure is where the test failed: the phase that decided its outcome, or its
// first failed sub-test. It is not known of every failure.
func (t *Test) Failure() Place {
	for _, attempt := range slices.Backward(t.Attempts()) {
		if place := attempt.failure(t.Outcome); place.Known() {
			return place
		}
	}
	return Place{}
}

func (a Attempt) failure(outcome string) Place {
	for _, phase := range a.reports() {
		if phase.Place.Known() && phase.Outcome == outcome {
			return phase.Place
		}
	}
	for _, subtest := range a.Subtests {
		if subtest.Place.Known() && subtest.Failed() {
			return subtest.Place
		}
	}
	return Place{}
}

// reports are those of phases and crashes.
func (a Attempt) reports() []Phase { return slices.Concat(a.Phases, a.Crashes) }

// Reason is at length why the test did not pass: the traceback that decided, or
// the reason of a skip.
func (t *Test) Reason() string { return cmp.Or(t.reason.texts().reason, t.Message) }

// Sections are what set-up, call and teardown of the last attempt printed and
// logged.
func (t *Test) Sections() [][2]string {
	var sections [][2]string
	for _, phase := range t.Last().Phases {
		sections = append(sections, phase.Texts().Sections...)
	}
	return sections
}

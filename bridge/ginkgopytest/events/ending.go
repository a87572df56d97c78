package events

import (
	"cmp"
	"fmt"
)

// CutOff is the reason of everything that a killed run left open.
const CutOff = "the run was cut off"

// Ending is how a test ended, or what is known of one that did not.
type Ending struct {
	// Outcome is the test's, failed when its worker died, else unfinished.
	Outcome string
	// Time is the end of its last phase, of its worker, or of the log.
	Time float64
	// Message is in one line why it did not pass.
	Message string
}

// Ending tells how a test of this run ended.
func (r *Run) Ending(t *Test) Ending {
	last := t.Last()
	if last.Ended() {
		return Ending{cmp.Or(t.Outcome, Unfinished), last.Stop(), cmp.Or(t.Message, t.openMessage())}
	}
	worker := r.workers[cmp.Or(last.Worker, t.Worker)]
	if worker != nil && worker.Down > 0 && worker.Down >= t.Started {
		died := fmt.Sprintf("worker %s ended while this test ran", worker.Name)
		if worker.Error != "" {
			died = fmt.Sprintf("worker %s died: %s", worker.Name, worker.Error)
		}
		if t.Outcome == Passed {
			died = ""
		}
		return Ending{cmp.Or(t.Outcome, Failed), worker.Down, cmp.Or(t.Message, died)}
	}
	if t.Finished > 0 {
		return Ending{t.Outcome, t.Finished, t.Message}
	}
	return Ending{Unfinished, r.End, t.openMessage()}
}

// openMessage says how far a test got that has not ended.
func (t *Test) openMessage() string {
	phases := t.Last().Phases
	switch {
	case t.Finished > 0:
		return ""
	case t.Started == 0 && len(phases) == 0:
		return CutOff + " before this test began"
	case len(phases) > 0:
		return CutOff + " after the " + phases[len(phases)-1].When + " of this test"
	}
	return CutOff + " while this test ran"
}

// Outcomes counts the tests that pytest began, each once.
func (r *Run) Outcomes() map[string]int {
	found := map[string]int{}
	for _, test := range r.Tests {
		found[r.Ending(test).Outcome]++
	}
	return found
}

package events

import (
	"fmt"
	"strings"
)

// noTests is pytest's exit status when nothing was selected.
const noTests = 5

// Kind says what a fact is about.
type Kind int

// What can be the matter with a run beside its tests.
const (
	// RunCutOff is a suite, or a pytest without one, of which the log lacks the end.
	RunCutOff Kind = iota
	// SessionCutOff is a pytest of which the log lacks the end.
	SessionCutOff
	// SessionMissing is a suite that never came to start pytest.
	SessionMissing
	// RunInterrupted is a suite that a person or a deadline ended.
	RunInterrupted
	// WorkerDied is a worker whose end was not planned.
	WorkerDied
	// CollectionFailed are files that pytest could not collect.
	CollectionFailed
	// BadExit is an exit status by which pytest says more than that tests failed.
	BadExit
)

// Fact is told once of the run, because it is no single test's.
type Fact struct {
	Kind    Kind
	Message string
}

// Facts are what a reader must know before anything else.
func (r *Run) Facts() []Fact {
	var found []Fact
	add := func(kind Kind, format string, args ...any) {
		found = append(found, Fact{kind, fmt.Sprintf(format, args...)})
	}
	if r.WasCutOff() {
		add(RunCutOff, CutOff)
	}
	if r.Outcome == Interrupted {
		add(RunInterrupted, "the run was interrupted")
	}
	switch {
	case r.Session.Start == 0:
		add(SessionMissing, "pytest never started: the log has no session_start.")
	case !r.Session.Finished():
		add(SessionCutOff, "This log was cut off: pytest wrote no session_finish. The last event is at %.2f s%s.",
			r.End-r.Begin, r.missing())
	case *r.Session.ExitStatus > 1 && *r.Session.ExitStatus != noTests:
		add(BadExit, "pytest ended with exit status %d", *r.Session.ExitStatus)
	}
	for _, worker := range r.Workers {
		if worker.Error != "" {
			add(WorkerDied, "Worker %s died at %.2f s: %s", worker.Name, worker.Down-r.Begin, worker.Error)
		}
	}
	if n := len(r.CollectErrors); n > 0 {
		add(CollectionFailed, "%s could not be collected.", plural(n, "file"))
	}
	return found
}

// WasCutOff is about the suite if one wrote the log, else about pytest.
func (r *Run) WasCutOff() bool {
	if r.RunID != "" || r.Suite != "" {
		return r.Outcome == ""
	}
	return !r.Session.Finished()
}

// missing counts what a pytest that was cut off left open.
func (r *Run) missing() string {
	running := 0
	for _, test := range r.Tests {
		if test.Finished == 0 {
			running++
		}
	}
	var parts []string
	if running > 0 {
		parts = append(parts, plural(running, "test")+" had not finished")
	}
	if n := len(r.Collected) - len(r.Tests); n > 0 {
		parts = append(parts, plural(n, "test")+" had not started")
	}
	if len(parts) == 0 {
		return ""
	}
	return "; " + strings.Join(parts, ", ")
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

package ginkgopytest

import (
	"strings"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
)

// Result is how one Python test ended.
type Result struct {
	NodeID string
	// Outcome is passed, failed, error, skipped, xfailed or xpassed.
	Outcome string
	// Reason is the traceback as pytest prints it, or why it was skipped.
	Reason string
	Worker string
	// Path and Line say where it failed.
	Path string
	Line int
	// Seconds is the time of set-up, call and teardown, of every attempt.
	Seconds float64
	// Attempts is how often it ran; more than one when pytest-rerunfailures repeated it.
	Attempts int
	// Reruns are the tracebacks of the attempts that were repeated.
	Reruns   []string
	Subtests []Subtest
	// Sections are what the last attempt printed and logged: title and text.
	Sections [][2]string
}

// Subtest is one sub-test of pytest 9 or unittest.
type Subtest struct {
	Description, Outcome, Reason string
}

// ended says whether the log has the outcome of a test.
func ended(test *events.Test) bool { return test != nil && test.Outcome != "" }

func resultOf(test *events.Test) Result {
	place := test.Failure()
	result := Result{
		NodeID: test.NodeID, Outcome: test.Outcome, Reason: test.Reason(), Worker: test.Worker,
		Path: place.Path, Line: place.Line,
		Seconds: test.Seconds(), Attempts: test.Ran(), Sections: test.Sections(),
	}
	for _, attempt := range test.Attempts() {
		for _, phase := range attempt.Phases {
			switch {
			case phase.Outcome == events.Rerun:
				result.Reruns = append(result.Reruns, phase.Texts().LongRepr)
			case phase.Outcome == events.Error && phase.When == events.Teardown && test.Outcome == events.Failed:
				result.Reason += "\n\nerror in the teardown:\n" + phase.Texts().LongRepr
			}
		}
		for _, subtest := range attempt.Subtests {
			result.Subtests = append(result.Subtests, Subtest{subtest.Description, subtest.Outcome, subtest.LongRepr()})
		}
	}
	return result
}

const tailLines = 20

// clip keeps a failure readable; the event log has the whole.
func clip(text string) string { return events.Shorten(text, events.TextLimit) }

// tail is the end of a text, to stand in a reason.
func tail(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	if len(lines) > tailLines {
		lines = lines[len(lines)-tailLines:]
	}
	return strings.Join(lines, "\n")
}

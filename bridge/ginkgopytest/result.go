package ginkgopytest

import (
	"fmt"
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
	result := Result{
		NodeID: test.NodeID, Outcome: test.Outcome, Reason: test.Reason, Worker: test.Worker,
		Seconds: test.Seconds(), Attempts: max(test.Attempts, 1), Sections: test.Sections(),
	}
	result.Path, result.Line = test.Failure()
	for _, phase := range test.Phases {
		switch {
		case phase.Outcome == events.Rerun:
			result.Reruns = append(result.Reruns, phase.LongRepr)
		case phase.Outcome == events.Error && phase.When == "teardown" && test.Outcome == events.Failed:
			result.Reason += "\n\nerror in the teardown:\n" + phase.LongRepr
		}
	}
	for _, subtest := range test.Subtests {
		result.Subtests = append(result.Subtests, Subtest{subtest.Description, subtest.Outcome, subtest.LongRepr})
	}
	return result
}

const (
	// textLimit keeps a failure readable; the event log has the whole.
	textLimit = 64 << 10
	tailLines = 20
)

// clip shortens a text to its head and its tail.
func clip(text string) string {
	if len(text) <= textLimit {
		return text
	}
	half := textLimit / 2
	return fmt.Sprintf("%s\n... %d bytes are left out, %s has them ...\n%s",
		strings.ToValidUTF8(text[:half], ""), len(text)-textLimit, eventsFile, strings.ToValidUTF8(text[len(text)-half:], ""))
}

// tail is the end of a text, to stand in a reason.
func tail(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	if len(lines) > tailLines {
		lines = lines[len(lines)-tailLines:]
	}
	return strings.Join(lines, "\n")
}

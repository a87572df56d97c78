package ginkgopytest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
)

// unreported is the result of a test that pytest owes: it failed, and the
// reason is all that is known of the end of pytest. When pytest decided to stop,
// it was not to run, and is skipped.
func (r *Run) unreported(nodeID string, exited exit) Result {
	result := Result{NodeID: nodeID, Outcome: events.Failed, Attempts: 1}
	if test := r.seen.Test(nodeID); test != nil {
		result.Worker, result.Seconds, result.Sections = test.Worker, test.Seconds(), test.Sections()
	}
	stop := r.stop(exited)
	switch {
	case stop != nil && r.cause(nodeID) != nil:
		cause := r.cause(nodeID)
		result.Reason, result.Path, result.Line = "pytest was stopped by this test: "+cause.Reason, cause.Path, cause.Line
		if exited.Code == 0 {
			result.Outcome = events.Skipped
		}
	case stop != nil:
		result.Outcome, result.Reason = events.Skipped, "pytest stopped before this test had run: "+reasonOf(*stop)
	case exited.Code >= 0 && r.seen.Session.Finished() && r.seen.Collected != nil && !r.collectedByRun(nodeID):
		result.Reason = "pytest did not collect this test when it ran, although it did before" + r.briefly()
	default:
		result.Reason = r.lost(nodeID, exited)
	}
	return result
}

// stop is what pytest decided; nil when it did not stop, or when we ended it.
func (r *Run) stop(exited exit) *events.Event {
	if exited.Stopped != "" || len(r.stops) == 0 {
		return nil
	}
	for i := range r.stops {
		if r.stops[i].NodeID != "" {
			return &r.stops[i]
		}
	}
	return &r.stops[0]
}

// cause is the stop that came out of a test itself, such as pytest.exit.
func (r *Run) cause(nodeID string) *events.Event {
	for i, stop := range r.stops {
		if stop.NodeID == nodeID && stop.Path != "" {
			return &r.stops[i]
		}
	}
	return nil
}

func reasonOf(stop events.Event) string {
	if stop.NodeID == "" {
		return stop.Reason
	}
	return fmt.Sprintf("%s, because of %s", stop.Reason, stop.NodeID)
}

func (r *Run) lost(nodeID string, exited exit) string {
	var reason strings.Builder
	fmt.Fprintf(&reason, "pytest ended (%s) without reporting this test", exited.State)
	if exited.Stopped != "" {
		fmt.Fprintf(&reason, ": %s", exited.Stopped)
	}
	test := r.seen.Test(nodeID)
	if test == nil {
		// It had not begun: the cause is the run's, which tells it once.
		return reason.String() + r.briefly()
	}
	fmt.Fprintf(&reason, "%s%s; its last lines:\n%s%s", whereItWas(test), r.briefly(), r.lastLines(), r.stacks())
	return reason.String()
}

// briefly is where the whole cause of what concerns every test stands.
func (r *Run) briefly() string {
	const whole = "; %q has the whole"
	if len(r.seen.CollectErrors) == 0 {
		return fmt.Sprintf(whole, reportNode)
	}
	return fmt.Sprintf(": pytest could not collect %s"+whole, r.seen.CollectErrors[0].NodeID, reportNode)
}

// collectedByRun says whether the run itself collected a test.
func (r *Run) collectedByRun(nodeID string) bool {
	if len(r.collected) != len(r.seen.Collected) {
		r.collected = make(map[string]bool, len(r.seen.Collected))
		for _, known := range r.seen.Collected {
			r.collected[known] = true
		}
	}
	return r.collected[nodeID]
}

func whereItWas(test *events.Test) string {
	process := "pytest itself"
	if test.Worker != "" {
		process = "worker " + test.Worker
	}
	last := "its set-up"
	if phases := test.Last().Phases; len(phases) > 0 {
		last = "what comes after " + phases[len(phases)-1].When
	}
	return fmt.Sprintf("; %s was in %s", process, last)
}

func (r *Run) lastLines() string {
	text, err := os.ReadFile(filepath.Join(r.dir, logFile))
	if err != nil {
		return err.Error()
	}
	return tail(string(text))
}

// stacks are those that pytest and its workers left when they were aborted.
func (r *Run) stacks() string {
	files, err := filepath.Glob(filepath.Join(r.dir, stacksFolder, "*.txt"))
	if err != nil {
		return ""
	}
	var all strings.Builder
	for _, file := range files {
		if text, err := os.ReadFile(file); err == nil && len(text) > 0 {
			fmt.Fprintf(&all, "\n\n%s:\n%s", strings.TrimSuffix(filepath.Base(file), ".txt"), strings.TrimSpace(string(text)))
		}
	}
	return clip(all.String())
}

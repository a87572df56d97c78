package ginkgopytest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
)

// unreported is the result of a test that pytest owes: it failed, and the
// reason is all that is known of the end of pytest.
func (r *Run) unreported(nodeID string, exited exit) Result {
	var reason strings.Builder
	fmt.Fprintf(&reason, "pytest ended (%s) without reporting this test", exited.State)
	if exited.Stopped != "" {
		fmt.Fprintf(&reason, ": %s", exited.Stopped)
	}
	result := Result{NodeID: nodeID, Outcome: events.Failed, Attempts: 1}
	if test := r.seen.Test(nodeID); test != nil {
		result.Worker, result.Seconds, result.Sections = test.Worker, test.Seconds(), test.Sections()
		reason.WriteString(whereItWas(test))
	}
	for _, failure := range r.seen.CollectErrors {
		fmt.Fprintf(&reason, "\n\npytest could not collect %s:\n%s", failure.NodeID, failure.LongRepr)
	}
	fmt.Fprintf(&reason, "; its last lines:\n%s%s", r.lastLines(), r.stacks())
	result.Reason = reason.String()
	return result
}

func whereItWas(test *events.Test) string {
	process := "pytest itself"
	if test.Worker != "" {
		process = "worker " + test.Worker
	}
	last := "its set-up"
	if len(test.Phases) > 0 {
		last = "what comes after " + test.Phases[len(test.Phases)-1].When
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

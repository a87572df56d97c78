package ginkgopytest

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/onsi/ginkgo/v2/types"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
)

// Verify waits for the end of pytest and says what its specs do not: that it was
// cut off, that it would not end, that it failed although no test did, and what
// failed that has no spec. Nothing is wrong with a run that Stop ended before its
// tests had.
func (r *Run) Verify(ctx context.Context) error {
	var problem error
	err := r.poll(ctx, func(exited *exit) (bool, error) {
		if exited != nil {
			problem = errors.Join(append(r.withoutSpec(), r.verify(*exited))...)
		}
		return exited != nil, nil
	})
	return errors.Join(err, problem)
}

func (r *Run) verify(exited exit) error {
	owed, red := r.counts(exited)
	switch {
	case owed > 0 && (exited.Stopped == stoppedEarly || exited.Stopped == stoppedTwice):
		return nil
	case exited.Stopped != "":
		return fmt.Errorf("pytest ended (%s): %s; its last lines:\n%s%s", exited.State, exited.Stopped, r.lastLines(), r.stacks())
	case !r.seen.Session.Finished():
		return fmt.Errorf("pytest was cut off (%s): its event log has no end; its last lines:\n%s", exited.State, r.lastLines())
	case owed > 0 && r.stop(exited) == nil && r.seen.Session.Finished() && len(r.withoutSpec()) == 0:
		return fmt.Errorf("pytest ended (%s) without reporting %d tests; its last lines:\n%s", exited.State, owed, r.lastLines())
	case exited.Code != 0 && red == 0 && len(r.selection.Errors) == 0 && len(r.withoutSpec()) == 0:
		reason := ""
		if stop := r.stop(exited); stop != nil {
			reason = ": " + reasonOf(*stop)
		}
		return fmt.Errorf("pytest ended (%s) although no test failed%s; its last lines:\n%s", exited.State, reason, r.lastLines())
	}
	return nil
}

// counts are the selected tests that pytest owes, and those whose specs fail.
func (r *Run) counts(exited exit) (owed, red int) {
	for _, nodeID := range r.selection.Selected {
		test := r.seen.Test(nodeID)
		outcome := ""
		if ended(test) {
			outcome = test.Outcome
		} else {
			owed++
			outcome = r.unreported(nodeID, exited).Outcome
		}
		if failed(outcome) {
			red++
		}
	}
	return owed, red
}

// withoutSpec are the failures that no spec has: of tests and modules that only
// the run itself collected.
func (r *Run) withoutSpec() []error {
	var found []error
	for _, test := range r.extra() {
		if failed(test.Outcome) {
			found = append(found, fmt.Errorf("%s, which only the run collected: %s\n%s", test.NodeID, test.Outcome, clip(test.Reason())))
		}
	}
	for _, failure := range r.seen.CollectErrors {
		if !slices.Contains(r.selection.Errors, failure.NodeID) {
			found = append(found, fmt.Errorf("pytest could not collect %s when it ran:\n%s", failure.NodeID, clip(failure.LongRepr())))
		}
	}
	return found
}

// extra are the tests that ended and are no specs.
func (r *Run) extra() []*events.Test {
	known := make(map[string]bool, len(r.selection.Selected)+len(r.selection.Deselected))
	for _, nodeIDs := range [][]string{r.selection.Selected, r.selection.Deselected} {
		for _, nodeID := range nodeIDs {
			known[nodeID] = true
		}
	}
	var found []*events.Test
	for _, test := range r.seen.Tests {
		if !known[test.NodeID] && ended(test) {
			found = append(found, test)
		}
	}
	return found
}

// contradictions are the specs that did not fail although their tests did, which
// pytest said too late.
func (r *Run) contradictions(report types.Report, tests *Collection) []error {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	var found []error
	for _, spec := range report.SpecReports {
		test := r.seen.Test(tests.NodeID(spec))
		if spec.State.Is(types.SpecStatePassed|types.SpecStateSkipped) && ended(test) && failed(test.Outcome) {
			found = append(found, fmt.Errorf("%s was %s as a spec, and %s when pytest ended:\n%s", test.NodeID, spec.State, test.Outcome, clip(test.Reason())))
		}
	}
	return found
}

func failed(outcome string) bool { return outcome == events.Failed || outcome == events.Error }

package ginkgopytest

import (
	"context"
	"errors"
	"fmt"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
)

// Summary counts how the tests of a run ended.
type Summary struct {
	Passed  int
	Failed  int
	Errors  int
	Skipped int
	// Workers is the number of workers that ran a test.
	Workers int
	Seconds float64
	// ExitCode is pytest's; -1 when a signal ended it.
	ExitCode int
	// Finished says that pytest wrote its last event. Without it the run was cut off.
	Finished bool
}

// Done waits for the end of pytest and counts the outcomes.
func (r *Run) Done(ctx context.Context) (Summary, error) {
	var summary Summary
	err := r.poll(ctx, func(exited *exit) (bool, error) {
		if exited != nil {
			summary = r.count(*exited)
		}
		return exited != nil, nil
	})
	return summary, err
}

func (r *Run) count(exited exit) Summary {
	summary := Summary{Seconds: exited.Seconds, ExitCode: exited.Code, Finished: r.seen.Session.Finished()}
	workers := map[string]bool{}
	for _, test := range r.seen.Tests {
		if !ended(test) {
			continue
		}
		if test.Worker != "" {
			workers[test.Worker] = true
		}
		switch test.Outcome {
		case events.Passed, events.XFailed, events.XPassed:
			summary.Passed++
		case events.Skipped:
			summary.Skipped++
		case events.Error:
			summary.Errors++
		default:
			summary.Failed++
		}
	}
	summary.Workers = len(workers)
	return summary
}

// Verify waits for the end of pytest and says what its tests do not: that it
// was cut off, that it would not end, or that it failed although no test did.
// Nothing is wrong with a run that Stop ended before its tests had.
func (r *Run) Verify(ctx context.Context) error {
	var problem error
	err := r.poll(ctx, func(exited *exit) (bool, error) {
		if exited != nil {
			problem = r.verify(*exited)
		}
		return exited != nil, nil
	})
	return errors.Join(err, problem)
}

func (r *Run) verify(exited exit) error {
	owed := 0
	for _, nodeID := range r.wanted {
		if !ended(r.seen.Test(nodeID)) {
			owed++
		}
	}
	summary := r.count(exited)
	switch {
	case owed > 0 && exited.Stopped != "":
		return nil
	case exited.Stopped != "":
		return fmt.Errorf("pytest ended (%s): %s; its last lines:\n%s%s", exited.State, exited.Stopped, r.lastLines(), r.stacks())
	case !summary.Finished:
		return fmt.Errorf("pytest was cut off (%s): its event log has no end; its last lines:\n%s", exited.State, r.lastLines())
	case owed == 0 && summary.ExitCode != 0 && summary.Failed+summary.Errors == 0:
		return fmt.Errorf("pytest ended (%s) although no test failed; its last lines:\n%s", exited.State, r.lastLines())
	}
	return nil
}

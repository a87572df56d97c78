package ginkgopytest

import (
	"context"

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

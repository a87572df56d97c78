package suite

import (
	"errors"
	"path/filepath"

	"github.com/onsi/ginkgo/v2/types"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest"
	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/report"
	"github.com/jordigilh/kubernaut/test/infrastructure/summary"
)

// summarize writes summary.json.
func (e *Environment) summarize(journal *ginkgopytest.Journal, ginkgo types.Report) error {
	run, err := report.Read(journal.Dir)
	if err != nil {
		return err
	}
	document := summary.Summary{
		RunID:    journal.RunID,
		Provider: "embedded",
		Phases:   e.phases(run),
		Seed: summary.Seed{
			Created:      len(e.seeded.Created),
			Existing:     len(e.seeded.Existing),
			Failed:       len(e.seeded.Failed),
			Total:        len(e.seeded.Workflows),
			PostRequests: e.found.counts.Posts,
			Seconds:      e.seeded.Seconds,
		},
		Auth:   e.found.counts.Auth,
		Ginkgo: countSpecs(ginkgo),
		Memory: e.found.memory,
	}
	if tests := e.found.tests; tests != nil {
		document.Workers = tests.Workers
		document.Pytest = summary.Pytest{
			Passed: tests.Passed, Failed: tests.Failed, Errors: tests.Errors, Skipped: tests.Skipped, Seconds: tests.Seconds,
		}
	}
	return errors.Join(missing(journal.Dir), summary.Write(filepath.Join(journal.Dir, "summary.json"), document))
}

// phases count from the begin of the run: those of the stack, and those that
// only the event log has.
func (e *Environment) phases(run *events.Run) []summary.Phase {
	found := summary.LogPhases(run, "seed")
	if e.stack == nil {
		return found
	}
	offset := events.Seconds(e.begin) - run.Begin
	for _, phase := range e.stack.Phases() {
		phase.StartS += offset
		found = append(found, summary.Phase(phase))
	}
	return found
}

func countSpecs(report types.Report) summary.Ginkgo {
	specs := report.SpecReports.WithLeafNodeType(types.NodeTypeIt)
	counts := summary.Ginkgo{
		Passed:  specs.CountWithState(types.SpecStatePassed),
		Failed:  specs.CountWithState(types.SpecStateFailureStates),
		Pending: specs.CountWithState(types.SpecStatePending),
		Skipped: specs.CountWithState(types.SpecStateSkipped),
	}
	counts.Ran = counts.Passed + counts.Failed
	return counts
}

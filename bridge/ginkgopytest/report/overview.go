package report

import (
	"cmp"
	"slices"
	"strings"

	"github.com/onsi/ginkgo/v2/types"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
)

// mostFailures are kept of a run; the summary could not show more.
const mostFailures = 10_000

// Overview is a run in so few words that those of thousands of tests fit into
// memory: no texts, no steps, no test that is neither slow nor failed.
type Overview struct {
	// Report is Ginkgo's, without specs.
	Report types.Report
	// Total are the specs and tests; Failed counts all nodes that failed.
	Total, Passed, Failed, Skipped int
	// Failures are the first of those that failed.
	Failures []types.SpecReport
	// Slowest ran longest, longest first.
	Slowest []types.SpecReport
	// Brief are the tests that reports tell in outline.
	Brief int

	// cases counts what readers of machine formats take for a test.
	cases map[types.SpecState]int
}

// Look makes the overview of a run.
func Look(run *events.Run) Overview {
	overview := Overview{Report: head(run), Brief: run.Outline().Tests, cases: map[types.SpecState]int{}}
	for spec := range specs(run, outline) {
		overview.count(spec)
	}
	report := &overview.Report
	report.PreRunStats.TotalSpecs = overview.Total
	report.PreRunStats.SpecsThatWillRun = overview.Total - overview.Skipped
	report.SuiteSucceeded = len(report.SpecialSuiteFailureReasons) == 0 && overview.Failed == 0
	return overview
}

func (o *Overview) count(spec types.SpecReport) {
	if isCase(spec) {
		o.cases[spec.State]++
	}
	if spec.State.Is(types.SpecStateFailureStates) {
		o.Failed++
		if len(o.Failures) < mostFailures {
			o.Failures = append(o.Failures, spec)
		}
	}
	if spec.LeafNodeType != types.NodeTypeIt {
		return
	}
	o.Total++
	switch {
	case spec.State.Is(types.SpecStateSkipped | types.SpecStatePending):
		o.Skipped++
		return
	case spec.State == types.SpecStatePassed:
		o.Passed++
	}
	o.rank(spec)
}

// rank keeps the slowest in order; of two that took the same the first wins.
func (o *Overview) rank(spec types.SpecReport) {
	at, _ := slices.BinarySearchFunc(o.Slowest, spec, func(known, fresh types.SpecReport) int {
		return cmp.Or(cmp.Compare(fresh.RunTime, known.RunTime), -1)
	})
	if at < slowest {
		o.Slowest = slices.Insert(o.Slowest, at, spec)
		o.Slowest = o.Slowest[:min(slowest, len(o.Slowest))]
	}
}

// head is the report without its specs.
func head(run *events.Run) types.Report {
	report := types.Report{
		SuitePath: run.Path, SuiteDescription: cmp.Or(run.Suite, "pytest"),
		StartTime: events.Time(run.Begin), EndTime: events.Time(run.End),
		SpecReports: types.SpecReports{},
	}
	report.RunTime = report.EndTime.Sub(report.StartTime)
	report.SuiteConfig.ParallelTotal = max(1, len(run.Workers))
	for _, fact := range run.Facts() {
		switch fact.Kind {
		case events.RunCutOff, events.RunInterrupted, events.BadExit:
			report.SpecialSuiteFailureReasons = append(report.SpecialSuiteFailureReasons, fact.Message)
		}
	}
	return report
}

// complete adds the texts of a spec, which an overview has not.
func complete(run *events.Run, spec types.SpecReport) types.SpecReport {
	details, found := DetailsOf(spec)
	if test := run.Test(details.NodeID); found && test != nil {
		newTest(run, test).complete(&spec)
	}
	return spec
}

// title is the node id, or what a suite's node is called.
func title(spec types.SpecReport) string {
	if details, found := DetailsOf(spec); found {
		return oneLine(details.NodeID)
	}
	return oneLine(strings.TrimSpace("[" + spec.LeafNodeType.String() + "] " + spec.FullText()))
}

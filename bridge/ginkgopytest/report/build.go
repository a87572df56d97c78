package report

import (
	"iter"
	"slices"
	"strings"

	"github.com/onsi/ginkgo/v2/types"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
)

// Build makes Ginkgo's report of a run: one spec for each Python test, the
// suite's own specs, and the suite's nodes. Write makes the same without having
// all of it in memory.
func Build(run *events.Run) types.Report {
	report := Look(run).Report
	report.SpecReports = slices.Collect(specs(run, whole))
	return report
}

// extent is how much of each test a report is to have.
type extent int

const (
	// outline leaves out texts and steps.
	outline extent = iota
	whole
)

// specs are in the order of a report: the suite's own, then the tests.
func specs(run *events.Run, extent extent) iter.Seq[types.SpecReport] {
	return func(yield func(types.SpecReport) bool) {
		interrupted := false
		for spec := range everySpec(run, extent) {
			interrupted = interrupted || spec.State == types.SpecStateInterrupted
			if !yield(spec) {
				return
			}
		}
		if run.WasCutOff() && !interrupted {
			yield(openSteps(run))
		}
	}
}

func everySpec(run *events.Run, extent extent) iter.Seq[types.SpecReport] {
	return func(yield func(types.SpecReport) bool) {
		brief := run.Outline()
		for _, spec := range run.Specs {
			if spec.NodeID == "" && !yield(own(spec, run)) {
				return
			}
		}
		for test := range tests(run) {
			if !yield(newTest(run, test).report(extent, brief)) {
				return
			}
		}
		for _, spec := range uncollected(run) {
			if !yield(spec) {
				return
			}
		}
	}
}

// tests are those that pytest knows in the order of their start, and those
// that Ginkgo alone knows.
func tests(run *events.Run) iter.Seq[*events.Test] {
	return func(yield func(*events.Test) bool) {
		for _, test := range run.Tests {
			if !yield(test) {
				return
			}
		}
		seen := map[string]bool{}
		unknown := func(nodeID string) bool {
			if nodeID == "" || run.Test(nodeID) != nil || seen[nodeID] {
				return true
			}
			seen[nodeID] = true
			return yield(&events.Test{NodeID: nodeID})
		}
		for _, nodeID := range run.Collected {
			if !unknown(nodeID) {
				return
			}
		}
		for _, spec := range run.Specs {
			if !unknown(spec.NodeID) {
				return
			}
		}
	}
}

// uncollected are modules that pytest could not read, unless a spec tells it.
func uncollected(run *events.Run) types.SpecReports {
	var found types.SpecReports
	for _, failure := range run.CollectErrors {
		if told(run, failure.NodeID) {
			continue
		}
		spec := types.SpecReport{
			LeafNodeType: types.NodeTypeIt, LeafNodeText: "pytest collects " + failure.NodeID,
			State: types.SpecStateFailed, StartTime: events.Time(failure.Time), EndTime: events.Time(failure.Time),
			ParallelProcess: 1, NumAttempts: 1,
		}
		spec.LeafNodeLocation = types.CodeLocation{FileName: absolute(run, failure.NodeID), LineNumber: 1}
		spec.Failure = failureAt(spec.LeafNodeLocation, failure.Message, failure.LongRepr(), spec.EndTime)
		found = append(found, spec)
	}
	return found
}

func told(run *events.Run, nodeID string) bool {
	for _, spec := range run.Specs {
		if spec.NodeID == "" && strings.Contains(spec.Text, nodeID) {
			return true
		}
	}
	return false
}

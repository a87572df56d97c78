package report

import (
	"strconv"
	"strings"

	"github.com/onsi/ginkgo/v2/types"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
)

// CutOff is the reason of everything that a killed run left open.
const CutOff = "the run was cut off"

// Build makes Ginkgo's report of a run: one spec for each Python test, the
// suite's own specs, and the suite's nodes.
func Build(run *events.Run) types.Report {
	report := types.Report{
		SuitePath:        run.Path,
		SuiteDescription: run.Suite,
		StartTime:        events.Time(run.Begin),
		EndTime:          events.Time(run.End),
		SpecReports:      specs(run),
	}
	if report.SuiteDescription == "" {
		report.SuiteDescription = "pytest"
	}
	report.RunTime = report.EndTime.Sub(report.StartTime)
	report.SuiteConfig.ParallelTotal = max(1, len(run.Workers))
	its := report.SpecReports.WithLeafNodeType(types.NodeTypeIt)
	report.PreRunStats.TotalSpecs = len(its)
	report.PreRunStats.SpecsThatWillRun = len(its) - its.CountWithState(types.SpecStateSkipped|types.SpecStatePending)
	report.SpecialSuiteFailureReasons = failureReasons(run)
	report.SuiteSucceeded = len(report.SpecialSuiteFailureReasons) == 0 &&
		report.SpecReports.CountWithState(types.SpecStateFailureStates) == 0
	return report
}

// failureReasons are those that no spec shows.
func failureReasons(run *events.Run) []string {
	var reasons []string
	if wasCutOff(run) {
		reasons = append(reasons, CutOff)
	}
	if run.Outcome == interrupted {
		reasons = append(reasons, "Interrupted")
	}
	if status := run.Session.ExitStatus; status != nil && *status > 1 && *status != noTests {
		reasons = append(reasons, "pytest ended with exit status "+strconv.Itoa(*status))
	}
	return reasons
}

// interrupted is the outcome of a run that a person or a deadline ended.
const interrupted = "interrupted"

// noTests is pytest's exit status when nothing was selected.
const noTests = 5

// wasCutOff is about the suite if one wrote the log, else about pytest.
func wasCutOff(run *events.Run) bool {
	if run.RunID != "" || run.Suite != "" {
		return run.Outcome == ""
	}
	return !run.Session.Finished()
}

func specs(run *events.Run) types.SpecReports {
	var found types.SpecReports
	for _, spec := range run.Specs {
		if spec.NodeID == "" {
			found = append(found, own(spec, run))
		}
	}
	found = append(found, tests(run)...)
	found = append(found, uncollected(run)...)
	if wasCutOff(run) && found.CountWithState(types.SpecStateInterrupted) == 0 {
		found = append(found, openSteps(run))
	}
	return found
}

// tests are those that pytest knows in the order of their start, and those
// that Ginkgo alone knows.
func tests(run *events.Run) types.SpecReports {
	var found types.SpecReports
	seen := map[string]bool{}
	add := func(test *events.Test) {
		if !seen[test.NodeID] {
			seen[test.NodeID] = true
			found = append(found, newTest(run, test).report())
		}
	}
	for _, test := range run.Tests {
		add(test)
	}
	for _, nodeID := range run.Collected {
		add(&events.Test{NodeID: nodeID})
	}
	for _, spec := range run.Specs {
		if spec.NodeID != "" {
			add(&events.Test{NodeID: spec.NodeID})
		}
	}
	return found
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
		spec.Failure = failureAt(spec.LeafNodeLocation, failure.LongRepr, spec.EndTime)
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

package report

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/onsi/ginkgo/v2/reporters"
	"github.com/onsi/ginkgo/v2/types"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/timeline"
)

// Files of a report folder.
const (
	EventsFile   = "events.jsonl"
	JSONFile     = "report.json"
	JUnitFile    = "ginkgo-junit.xml"
	TeamCityFile = "teamcity.txt"
	GoTestFile   = "gotest.json"
	SummaryFile  = "summary.md"
	TimelineFile = "timeline.html"
	TraceFile    = "trace.json"
)

// Files are those that Write makes.
var Files = []string{JSONFile, JUnitFile, TeamCityFile, GoTestFile, SummaryFile, TimelineFile, TraceFile}

// Read makes the model of the run whose events.jsonl is in the folder.
func Read(dir string) (*events.Run, error) { return events.Read(filepath.Join(dir, EventsFile)) }

// Write makes every report of a run in the folder. Each file appears whole or
// not at all, and one that fails does not keep the others back.
func Write(run *events.Run, dir string) (types.Report, error) {
	report := Build(run)
	machine := forMachines(report)
	writers := map[string]func(path string) error{
		JSONFile:     func(path string) error { return reporters.GenerateJSONReport(report, path) },
		JUnitFile:    func(path string) error { return writeJUnit(machine, path) },
		TeamCityFile: func(path string) error { return reporters.GenerateTeamcityReport(machine, path) },
		GoTestFile:   func(path string) error { return reporters.GenerateGoTestJSONReport(machine, path) },
		TimelineFile: func(path string) error { return timeline.Write(path, run) },
		TraceFile:    func(path string) error { return timeline.WriteTrace(path, run) },
		SummaryFile: func(path string) error {
			return os.WriteFile(path, []byte(Markdown(run, report, MarkdownLimit)), 0o644)
		},
	}
	var problems []error
	for name, write := range writers {
		if err := replace(filepath.Join(dir, name), write); err != nil {
			problems = append(problems, fmt.Errorf("write %s: %w", name, err))
		}
	}
	return report, errors.Join(problems...)
}

func writeJUnit(report types.Report, path string) error {
	return reporters.GenerateJUnitReportWithConfig(report, path, reporters.JunitReportConfig{
		OmitSpecLabels: true, OmitLeafNodeType: true,
		OmitTimelinesForSpecState: types.SpecStatePassed | types.SpecStateSkipped | types.SpecStatePending,
	})
}

// forMachines leaves out the suite's nodes that passed, because readers of
// these formats would count them as tests, and the report entries, which
// Ginkgo's reporters take for format strings.
func forMachines(report types.Report) types.Report {
	var kept types.SpecReports
	for _, spec := range report.SpecReports {
		if spec.LeafNodeType == types.NodeTypeIt || spec.State.Is(types.SpecStateFailureStates) {
			spec.ReportEntries = nil
			kept = append(kept, spec)
		}
	}
	report.SpecReports = kept
	return report
}

// replace lets write make a file beside path and moves it into place.
func replace(path string, write func(string) error) error {
	fresh := filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+".new")
	if err := write(fresh); err != nil {
		return errors.Join(err, os.Remove(fresh))
	}
	return os.Rename(fresh, path)
}

package report

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/onsi/ginkgo/v2/types"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
)

// own is a spec of the suite that mirrors no test, or one of the suite's nodes.
func own(spec *events.Spec, run *events.Run) types.SpecReport {
	report := types.SpecReport{
		LeafNodeType:     types.NodeTypeIt,
		LeafNodeText:     spec.Text,
		LeafNodeLabels:   spec.Labels,
		LeafNodeLocation: types.CodeLocation{FileName: spec.Place.Path, LineNumber: spec.Place.Line},
		State:            specState(spec),
		StartTime:        events.Time(spec.Start),
		EndTime:          events.Time(spec.Finish),
		ParallelProcess:  max(1, spec.Process),
		NumAttempts:      1,
	}
	var node types.NodeType
	if json.Unmarshal([]byte(strconv.Quote(spec.Node)), &node) == nil && node != types.NodeTypeInvalid {
		report.LeafNodeType, report.LeafNodeText = node, ""
	}
	message := spec.Message
	if spec.Finish == 0 {
		report.State, report.EndTime, message = types.SpecStateInterrupted, events.Time(run.End), events.CutOff
	}
	report.RunTime = report.EndTime.Sub(report.StartTime)
	if report.State.Is(types.SpecStateFailureStates | types.SpecStateSkipped) {
		report.Failure = plainFailure(report, message)
	}
	return report
}

// openSteps is one entry that names the steps of the suite which had not
// ended, for a run that was cut off while no test ran.
func openSteps(run *events.Run) types.SpecReport {
	var open []string
	for _, span := range run.Spans {
		if span.Finish == 0 {
			open = append(open, span.Name)
		}
	}
	report := types.SpecReport{
		LeafNodeType: types.NodeTypeSynchronizedBeforeSuite, State: types.SpecStateInterrupted,
		StartTime: events.Time(run.Begin), EndTime: events.Time(run.End), ParallelProcess: 1, NumAttempts: 1,
		RunTime: time.Duration((run.End - run.Begin) * float64(time.Second)),
	}
	message := events.CutOff
	if len(open) > 0 {
		message += " during: " + strings.Join(open, ", ")
	}
	report.Failure = plainFailure(report, message)
	return report
}

func plainFailure(report types.SpecReport, message string) types.Failure {
	return types.Failure{
		Message: message, Location: report.LeafNodeLocation,
		FailureNodeContext: types.FailureNodeIsLeafNode, FailureNodeType: report.LeafNodeType,
		FailureNodeLocation: report.LeafNodeLocation, TimelineLocation: types.TimelineLocation{Time: report.EndTime},
	}
}

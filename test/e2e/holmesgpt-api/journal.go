package holmesgptapi

import (
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/onsi/ginkgo/v2/types"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/report"
)

// Lanes of the suite's steps in the event log.
const (
	suiteLane          = "suite"
	infrastructureLane = "infrastructure"
	seedLane           = "seed"
)

// The tests are collected before there is a journal.
var collectBegin, collectEnd time.Time

// journal is what one Ginkgo process appends to the run's event log; pytest
// appends to the same file. A nil journal takes everything and keeps nothing.
type journal struct {
	log *events.Writer

	mutex   sync.Mutex
	spans   int
	problem error
}

func openJournal(reportDir string) (*journal, error) {
	log, err := events.Open(filepath.Join(reportDir, "events.jsonl"))
	if err != nil {
		return nil, err
	}
	return &journal{log: log}, nil
}

// append keeps the first problem: a step must not fail for its notice.
func (j *journal) append(event events.Event) {
	if j == nil {
		return
	}
	if err := j.log.Append(event); err != nil {
		j.mutex.Lock()
		defer j.mutex.Unlock()
		if j.problem == nil {
			j.problem = err
		}
	}
}

// lane is the observer of the steps of one lane.
func (j *journal) lane(name string) func(step string) func(error) {
	return func(step string) func(error) { return j.begin(name, step, time.Now()) }
}

func (j *journal) begin(lane, step string, start time.Time) func(error) {
	if j == nil {
		return func(error) {}
	}
	span := j.start(lane, step, start)
	return func(err error) { j.end(span, time.Now(), err) }
}

// span records a step that has ended already.
func (j *journal) span(lane, step string, start, end time.Time) {
	j.end(j.start(lane, step, start), end, nil)
}

func (j *journal) start(lane, step string, at time.Time) string {
	j.mutex.Lock()
	j.spans++
	span := fmt.Sprintf("%s-%d", lane, j.spans)
	j.mutex.Unlock()
	j.append(events.Event{Event: events.SpanStart, Time: events.Seconds(at), Span: span, Lane: lane, Name: step})
	return span
}

func (j *journal) end(span string, at time.Time, err error) {
	ended := events.Event{Event: events.SpanFinish, Time: events.Seconds(at), Span: span, Outcome: events.Passed}
	if err != nil {
		ended.Outcome, ended.Message = events.Failed, err.Error()
	}
	j.append(ended)
}

func (j *journal) specStarted(spec types.SpecReport, nodeID string) {
	j.append(report.SpecStarted(spec, nodeID))
}

func (j *journal) specEnded(spec types.SpecReport, nodeID string) {
	j.append(report.SpecEnded(spec, nodeID, clip(spec.Failure.Message)))
}

// clip keeps the log small: pytest's own events have the whole of it.
func clip(message string) string {
	const most = 16 << 10
	if len(message) <= most {
		return message
	}
	return strings.ToValidUTF8(message[:most], "") + " ..."
}

// violated records a guarantee that does not hold as the failure of the node
// that checks it.
func (j *journal) violated(message string) {
	name := types.NodeTypeReportAfterSuite.String()
	j.append(events.Event{
		Event: events.SpecFinish, Spec: fmt.Sprintf("[%s] evidence", name), Node: name, Process: 1,
		State: types.SpecStateFailed.String(), Message: message,
	})
}

// finish records what Ginkgo tells at the end only: the suite's own nodes, and
// how the run ended.
func (j *journal) finish(ginkgo types.Report, sound bool) {
	for _, node := range ginkgo.SpecReports {
		if node.LeafNodeType == types.NodeTypeIt {
			continue
		}
		name := node.LeafNodeType.String()
		j.append(events.Event{
			Event: events.SpecFinish, Spec: fmt.Sprintf("[%s] %s", name, node.LeafNodeText), Node: name,
			Process: node.ParallelProcess, State: node.State.String(), Message: clip(node.Failure.Message),
			Time: events.Seconds(node.EndTime), Start: events.Seconds(node.StartTime),
			Path: node.LeafNodeLocation.FileName, Line: node.LeafNodeLocation.LineNumber,
		})
	}
	j.append(report.RunEnded(ginkgo, sound))
}

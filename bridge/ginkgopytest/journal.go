package ginkgopytest

import (
	"fmt"
	"sync"
	"time"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
)

// suiteLane has the steps of the life cycle itself.
const suiteLane = "suite"

// PytestStep is the step from the launch of pytest to its end.
const PytestStep = "run pytest"

// Journal is the report folder and the event log of a run, to which hooks add
// steps of their own. It may be used by several goroutines.
type Journal struct {
	// Dir is the report folder of the run.
	Dir string
	// RunID names the run.
	RunID string

	log *events.Writer

	mutex   sync.Mutex
	steps   int
	problem error
}

// Step runs body as one step of a lane: a bar of the timeline that has its
// error. Steps may overlap, also in one lane.
func (j *Journal) Step(lane, name string, body func() error) error {
	ended := j.Begin(lane, name)
	err := body()
	ended(err)
	return err
}

// Begin begins a step; call what it returns with the step's error, once.
func (j *Journal) Begin(lane, name string) (ended func(error)) {
	step := j.begin(lane, name, time.Now())
	return func(err error) { j.end(step, time.Now(), err) }
}

// Lane is Begin for one lane, for code that tells an observer of its steps.
func (j *Journal) Lane(lane string) func(name string) (ended func(error)) {
	return func(name string) func(error) { return j.Begin(lane, name) }
}

func (j *Journal) begin(lane, name string, at time.Time) string {
	j.mutex.Lock()
	j.steps++
	step := fmt.Sprintf("%s-%d", lane, j.steps)
	j.mutex.Unlock()
	j.append(events.Event{Event: events.SpanStart, Time: events.Seconds(at), Span: step, Lane: lane, Name: name})
	return step
}

func (j *Journal) end(step string, at time.Time, err error) {
	ended := events.Event{Event: events.SpanFinish, Time: events.Seconds(at), Span: step, Outcome: events.Passed}
	if err != nil {
		ended.Outcome, ended.Message = events.Failed, err.Error()
	}
	j.append(ended)
}

// append keeps the first problem for the end of the suite: a step must not fail
// for its notice.
func (j *Journal) append(event events.Event) {
	err := j.log.Append(event)
	if err == nil {
		return
	}
	j.mutex.Lock()
	defer j.mutex.Unlock()
	if j.problem == nil {
		j.problem = err
	}
}

func (j *Journal) firstProblem() error {
	j.mutex.Lock()
	defer j.mutex.Unlock()
	return j.problem
}

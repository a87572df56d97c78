package report

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/onsi/ginkgo/v2/types"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
)

// state is that of the test if its end is known, else that of the spec which
// waited for it. A test that nobody saw the end of never passed.
func (t *pyTest) state() types.SpecState {
	switch t.ending.Outcome {
	case events.Passed, events.XFailed, events.XPassed:
		return types.SpecStatePassed
	case events.Skipped:
		return types.SpecStateSkipped
	case events.Unfinished:
		return t.openState()
	}
	return types.SpecStateFailed
}

func (t *pyTest) openState() types.SpecState {
	state := specState(t.spec)
	// Ginkgo skips what it has no time for, although pytest had begun it.
	if state == types.SpecStateSkipped && t.Started > 0 {
		return types.SpecStateInterrupted
	}
	if state != types.SpecStateInvalid && state != types.SpecStatePassed {
		return state
	}
	if t.run.WasCutOff() || !t.run.Session.Finished() || t.run.Outcome == events.Interrupted {
		return types.SpecStateInterrupted
	}
	return types.SpecStateFailed
}

func specState(spec *events.Spec) types.SpecState {
	if spec == nil {
		return types.SpecStateInvalid
	}
	var state types.SpecState
	if json.Unmarshal([]byte(strconv.Quote(spec.State)), &state) != nil {
		return types.SpecStateInvalid
	}
	return state
}

// reason is what the test itself gave, else what the spec gave, else how far
// the test got.
func (t *pyTest) reason() string {
	if t.Finished == 0 && t.spec != nil && t.spec.Message != "" {
		return t.spec.Message
	}
	return cmp.Or(t.Reason(), t.message())
}

// message is the reason in one line.
func (t *pyTest) message() string {
	if t.Finished == 0 && t.spec != nil && t.spec.Message != "" {
		return events.FirstLine(events.ExceptionOf(t.spec.Message))
	}
	if t.Finished == 0 && t.state() == types.SpecStateSkipped {
		return "not selected"
	}
	return t.ending.Message
}

func (t *pyTest) failure(report types.SpecReport, at time.Time) types.Failure {
	place := report.LeafNodeLocation
	if own := t.Failure(); own.Known() {
		place = location(t.run, own)
	}
	failure := types.Failure{
		Message: t.message(), Location: place, FailureNodeContext: types.FailureNodeIsLeafNode,
		FailureNodeType: types.NodeTypeIt, FailureNodeLocation: report.LeafNodeLocation,
	}
	failure.TimelineLocation = types.TimelineLocation{Time: at, Order: 2*t.phases() + 1}
	return failure
}

// failureAt has one line as its message, the exception in the place of a
// panic, and pytest's traceback as the stack.
func failureAt(location types.CodeLocation, message, traceback string, at time.Time) types.Failure {
	location.FullStackTrace = traceback
	return types.Failure{
		Message: message, ForwardedPanic: events.ExceptionOf(traceback), Location: location,
		FailureNodeContext: types.FailureNodeIsLeafNode, FailureNodeType: types.NodeTypeIt,
		FailureNodeLocation: location, TimelineLocation: types.TimelineLocation{Time: at},
	}
}

func (t *pyTest) phases() int {
	number := 0
	for _, attempt := range t.Attempts() {
		number += len(attempt.Phases) + len(attempt.Crashes)
	}
	return number
}

// steps are the phases, each with its own times.
func (t *pyTest) steps() types.SpecEvents {
	var found types.SpecEvents
	for number, attempt := range t.Attempts() {
		for _, phase := range append(attempt.Phases[:len(attempt.Phases):len(attempt.Phases)], attempt.Crashes...) {
			name := cmp.Or(phase.When, "crash")
			if phase.Outcome == events.Rerun {
				name = fmt.Sprintf("%s of attempt %d, which is repeated", name, number+1)
			}
			found = append(found, t.step(name, phase, len(found))...)
		}
	}
	return found
}

func (t *pyTest) step(name string, phase events.Phase, before int) types.SpecEvents {
	begin := types.SpecEvent{SpecEventType: types.SpecEventByStart, Message: name, CodeLocation: t.location()}
	end := begin
	end.SpecEventType, end.Duration = types.SpecEventByEnd, time.Duration(phase.Duration*float64(time.Second))
	begin.TimelineLocation = types.TimelineLocation{Order: before + 1, Time: events.Time(phase.Start)}
	end.TimelineLocation = types.TimelineLocation{Order: before + 2, Time: events.Time(phase.Stop)}
	return types.SpecEvents{begin, end}
}

func (t *pyTest) subtestFailures(place types.CodeLocation) []types.AdditionalFailure {
	var found []types.AdditionalFailure
	for _, subtest := range t.Last().Subtests {
		if !subtest.Failed() {
			continue
		}
		if subtest.Place.Known() {
			place = location(t.run, subtest.Place)
		}
		failure := failureAt(place, "subtest "+subtest.Description+": "+subtest.Message, subtest.LongRepr(), events.Time(t.ending.Time))
		failure.TimelineLocation.Order = 2*t.phases() + 3 + len(found)
		found = append(found, types.AdditionalFailure{State: types.SpecStateFailed, Failure: failure})
	}
	return found
}

func (t *pyTest) entry(place types.CodeLocation, at time.Time) types.ReportEntry {
	details := Details{NodeID: t.NodeID, Outcome: t.Outcome, Worker: t.Worker, Attempts: t.Ran()}
	if details.Outcome == "" {
		details.Outcome = t.state().String()
	}
	if t.Outcome == events.XFailed || t.Outcome == events.XPassed {
		details.Reason = t.Message
	}
	return types.ReportEntry{
		Name: "pytest", Value: types.WrapEntryValue(details), Visibility: types.ReportEntryVisibilityNever,
		Location: place, Time: at, TimelineLocation: types.TimelineLocation{Time: at, Order: 2*t.phases() + 2},
	}
}

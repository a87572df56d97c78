package report

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/onsi/ginkgo/v2/types"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
)

// state is that of the test if it ended, else that of the spec which waited
// for it. A test that nobody saw the end of never passed.
func (t *pyTest) state() types.SpecState {
	if t.Finished > 0 {
		switch t.Outcome {
		case events.Passed, events.XFailed, events.XPassed:
			return types.SpecStatePassed
		case events.Skipped:
			return types.SpecStateSkipped
		}
		return types.SpecStateFailed
	}
	state := specState(t.spec)
	// Ginkgo skips what it has no time for, although pytest had begun it.
	if state == types.SpecStateSkipped && t.Started > 0 {
		return types.SpecStateInterrupted
	}
	if state != types.SpecStateInvalid && state != types.SpecStatePassed {
		return state
	}
	if wasCutOff(t.run) || !t.run.Session.Finished() || t.run.Outcome == interrupted {
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
	switch {
	case t.Finished > 0 && t.Reason != "":
		return t.Reason
	case t.spec != nil && t.spec.Message != "":
		return t.spec.Message
	case t.Finished > 0:
		return t.Outcome
	case t.Started == 0:
		return CutOff + " before this test began"
	case len(t.Phases) > 0:
		return CutOff + " after the " + t.Phases[len(t.Phases)-1].When + " of this test"
	}
	return CutOff + " while this test ran"
}

func (t *pyTest) failure(report types.SpecReport, at time.Time) types.Failure {
	location := report.LeafNodeLocation
	if path, line := t.Failure(); path != "" {
		location = types.CodeLocation{FileName: absolute(t.run, path), LineNumber: line}
	}
	failure := failureAt(location, t.reason(), at)
	if report.State == types.SpecStateSkipped {
		failure.Message, failure.ForwardedPanic, failure.Location.FullStackTrace = t.reason(), "", ""
	}
	failure.FailureNodeLocation = report.LeafNodeLocation
	failure.TimelineLocation.Order = len(report.SpecEvents) + 1
	return failure
}

// failureAt has one line as its message, the exception in the place of a
// panic, and pytest's traceback as the stack.
func failureAt(location types.CodeLocation, traceback string, at time.Time) types.Failure {
	exception := exceptionOf(traceback)
	message, _, _ := strings.Cut(exception, "\n")
	location.FullStackTrace = traceback
	return types.Failure{
		Message: message, ForwardedPanic: exception, Location: location,
		FailureNodeContext: types.FailureNodeIsLeafNode, FailureNodeType: types.NodeTypeIt,
		FailureNodeLocation: location, TimelineLocation: types.TimelineLocation{Time: at},
	}
}

// exceptionOf is what pytest marks with an E in the margin; without such lines
// it is the last one.
func exceptionOf(traceback string) string {
	var marked []string
	lines := strings.Split(strings.TrimSpace(traceback), "\n")
	for _, line := range lines {
		if rest, found := strings.CutPrefix(line, "E "); found {
			marked = append(marked, strings.TrimSpace(rest))
		}
	}
	if len(marked) == 0 {
		return strings.TrimSpace(lines[len(lines)-1])
	}
	return strings.Join(marked, "\n")
}

// steps are the phases, each with its own times.
func (t *pyTest) steps() types.SpecEvents {
	var found types.SpecEvents
	for _, phase := range t.Phases {
		name := phase.When
		if phase.Outcome == events.Rerun {
			name = fmt.Sprintf("%s of attempt %d, which is repeated", phase.When, phase.Attempt)
		}
		for _, mark := range []struct {
			kind types.SpecEventType
			at   float64
		}{{types.SpecEventByStart, phase.Start}, {types.SpecEventByEnd, phase.Stop}} {
			event := types.SpecEvent{SpecEventType: mark.kind, Message: name, CodeLocation: t.location()}
			event.TimelineLocation = types.TimelineLocation{Order: len(found) + 1, Time: events.Time(mark.at)}
			if mark.kind == types.SpecEventByEnd {
				event.Duration = time.Duration(phase.Duration * float64(time.Second))
			}
			found = append(found, event)
		}
	}
	return found
}

func (t *pyTest) subtestFailures(place types.CodeLocation) []types.AdditionalFailure {
	var found []types.AdditionalFailure
	for i, subtest := range t.Subtests {
		if subtest.Outcome != events.Failed && subtest.Outcome != events.Error {
			continue
		}
		if subtest.Path != "" {
			place = types.CodeLocation{FileName: absolute(t.run, subtest.Path), LineNumber: subtest.Line}
		}
		failure := failureAt(place, subtest.LongRepr, events.Time(subtest.Time))
		failure.Message = "subtest " + subtest.Description + ": " + failure.Message
		failure.TimelineLocation.Order = 2*len(t.Phases) + 3 + i
		found = append(found, types.AdditionalFailure{State: types.SpecStateFailed, Failure: failure})
	}
	return found
}

func (t *pyTest) entry(place types.CodeLocation, at time.Time) types.ReportEntry {
	details := Details{NodeID: t.NodeID, Outcome: t.Outcome, Worker: t.Worker, Attempts: t.Attempts}
	if details.Outcome == "" {
		details.Outcome = t.state().String()
	}
	if t.Outcome == events.XFailed || t.Outcome == events.XPassed {
		details.Reason = t.Reason
	}
	return types.ReportEntry{
		Name: "pytest", Value: types.WrapEntryValue(details), Visibility: types.ReportEntryVisibilityNever,
		Location: place, Time: at, TimelineLocation: types.TimelineLocation{Time: at, Order: 2*len(t.Phases) + 2},
	}
}

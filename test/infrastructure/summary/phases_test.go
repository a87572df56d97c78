package summary_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
	"github.com/jordigilh/kubernaut/test/infrastructure/summary"
)

func TestPhasesComeFromTheEventLog(t *testing.T) {
	run := events.NewRun()
	for _, event := range []events.Event{
		{Event: events.RunStart, Time: 90},
		{Event: events.SpanStart, Time: 100, Span: "d", Name: "run pytest"},
		{Event: events.SpanStart, Time: 101, Span: "a", Name: "prepare database"},
		{Event: events.SpanFinish, Time: 101.5, Span: "a"},
		{Event: events.SpanStart, Time: 101, Span: "b", Name: "prepare nothing, for it never ended"},
		{Event: events.SpanStart, Time: 101, Span: "c", Name: "seed"},
		{Event: events.SpanFinish, Time: 102, Span: "c"},
		{Event: events.SpanStart, Time: 101, Span: "e", Name: "of no interest"},
		{Event: events.SpanFinish, Time: 102, Span: "e"},
		{Event: events.TestStart, Time: 104, NodeID: "second"},
		{Event: events.TestStart, Time: 103, NodeID: "first"},
	} {
		run.Apply(event)
	}

	found := summary.LogPhases(run, "seed")

	want := []summary.Phase{
		{Name: "prepare database", StartS: 11, Seconds: 0.5},
		{Name: "seed", StartS: 11, Seconds: 1},
		{Name: "launch of pytest to first test", StartS: 10, Seconds: 3},
	}
	if !slices.Equal(found, want) {
		t.Errorf("%+v", found)
	}
}

func TestARunWithoutTestsHasNoFirstTest(t *testing.T) {
	if found := summary.LogPhases(events.NewRun(), "seed"); len(found) != 0 {
		t.Errorf("%+v", found)
	}
}

func TestPhasesAreWrittenInTheOrderOfTheirBegin(t *testing.T) {
	path := filepath.Join(t.TempDir(), "summary.json")
	given := summary.Summary{Phases: []summary.Phase{{Name: "late", StartS: 2}, {Name: "early", StartS: 1}}}
	if err := summary.Write(path, given); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var document summary.Summary
	if err := json.Unmarshal(data, &document); err != nil {
		t.Fatal(err)
	}
	if document.Phases[0].Name != "early" || given.Phases[0].Name != "late" {
		t.Errorf("%+v", document.Phases)
	}
}

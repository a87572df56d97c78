package timeline

import (
	"encoding/json"
	"fmt"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
)

const epoch = 1_764_000_000.0

// runOf makes a run of events whose times are seconds from the first.
func runOf(log ...events.Event) *events.Run {
	run := events.NewRun()
	for _, e := range log {
		e.Time += epoch
		if e.Event == events.TestPhase && e.When != "???" {
			e.Start += epoch
			e.Stop = e.Start + e.Duration
		}
		run.Apply(e)
	}
	return run
}

func session() events.Event {
	return events.Event{Event: events.SessionStart, SchemaVersion: 1, Workers: 2}
}

func finished(at float64, status int) events.Event {
	return events.Event{Event: events.SessionFinish, Time: at, ExitStatus: &status}
}

func up(worker string, at float64) events.Event {
	return events.Event{Event: events.WorkerUp, Time: at, Worker: worker}
}

func span(lane, name string, start, stop float64) []events.Event {
	id := lane + name
	return []events.Event{
		{Event: events.SpanStart, Time: start, Span: id, Lane: lane, Name: name},
		{Event: events.SpanFinish, Time: stop, Span: id, Outcome: events.Passed},
	}
}

func start(nodeID, worker string, at float64) events.Event {
	return events.Event{Event: events.TestStart, Time: at, NodeID: nodeID, Worker: worker, Path: "t.py", Line: 3}
}

func phase(nodeID, worker, when, outcome string, from, seconds float64) events.Event {
	return events.Event{
		Event: events.TestPhase, Time: from + seconds, NodeID: nodeID, Worker: worker, When: when, Outcome: outcome,
		Start: from, Duration: seconds,
	}
}

func finish(nodeID, outcome string, at float64) events.Event {
	return events.Event{Event: events.TestFinish, Time: at, NodeID: nodeID, Outcome: outcome}
}

// wholeTest is a passed test of a second: set-up 0.25, call 0.5, teardown 0.25.
func wholeTest(nodeID, worker string, at float64) []events.Event {
	return []events.Event{
		start(nodeID, worker, at),
		phase(nodeID, worker, "setup", events.Passed, at, 0.25),
		phase(nodeID, worker, "call", events.Passed, at+0.25, 0.5),
		phase(nodeID, worker, "teardown", events.Passed, at+0.75, 0.25),
		finish(nodeID, events.Passed, at+1),
	}
}

func join(parts ...any) *events.Run {
	var log []events.Event
	for _, part := range parts {
		switch part := part.(type) {
		case events.Event:
			log = append(log, part)
		case []events.Event:
			log = append(log, part...)
		}
	}
	return runOf(log...)
}

// drawn is the document with the texts of every bar, as the page has it.
func drawn(run *events.Run) Document {
	doc := Build(run)
	limits := limitsOf(doc.Bars)
	for i, bar := range doc.Bars {
		bar = limits.complete(bar)
		bar.test, bar.attempt = nil, nil
		doc.Bars[i] = bar
	}
	return doc
}

func barNamed(t *testing.T, doc Document, name string) Bar {
	t.Helper()
	for _, bar := range doc.Bars {
		if bar.Name == name {
			return bar
		}
	}
	t.Fatalf("no bar %q in %v", name, doc.Bars)
	return Bar{}
}

func laneNames(doc Document) []string {
	var names []string
	for _, lane := range doc.Lanes {
		names = append(names, lane.Group+"/"+lane.Name)
	}
	return names
}

func TestLanesStandByGroupAndWorkersByNumber(t *testing.T) {
	t.Parallel()
	spec := events.Event{Event: events.SpecStart, Time: 4, Spec: "mirrors", NodeID: "a", Process: 2}
	doc := drawn(join(
		session(), up("gw10", 1), up("gw2", 1), up("gw0", 1), spec,
		span("suite", "report", 5, 6), span("seed", "oom", 2, 3), span("infrastructure", "etcd", 0, 1), span("later", "x", 6, 7),
		wholeTest("a", "gw10", 4), finished(8, 0),
	))
	NewWithT(t).Expect(laneNames(doc)).To(Equal([]string{
		"infrastructure/etcd", "seed/oom", "suite/report", "suite/x",
		"tests/gw0", "tests/gw2", "tests/gw10", "specs/process 2",
	}))
}

func TestOverlappingBarsOfALaneHaveRowsOfTheirOwn(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	again := span("seed", "oom", 1, 3)
	again[0].Span, again[1].Span = "second", "second"
	third := span("seed", "oom", 2, 4)
	third[0].Span, third[1].Span = "third", "third"
	doc := drawn(join(span("seed", "oom", 0, 2), again, third))
	g.Expect(doc.Lanes).To(HaveLen(1))
	g.Expect(doc.Lanes[0].Rows).To(Equal(2))
	g.Expect([]int{doc.Bars[0].Row, doc.Bars[1].Row, doc.Bars[2].Row}).To(Equal([]int{0, 1, 0}))
}

func TestBarsThatTouchShareARow(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	run := join(session(), up("gw0", 0), wholeTest("a", "gw0", 1), wholeTest("b", "gw0", 2-50e-6), finished(4, 0))
	doc := drawn(run)
	g.Expect(doc.Lanes[0].Rows).To(Equal(1))
	g.Expect(doc.Bars[1].Start).To(BeNumerically("<", doc.Bars[0].End))
}

func TestATestHasPhasesAndTimesFromTheFirstEvent(t *testing.T) {
	t.Parallel()
	doc := drawn(join(session(), up("gw0", 1), wholeTest("t.py::a", "gw0", 2), finished(4, 0)))
	NewWithT(t).Expect(barNamed(t, doc, "t.py::a")).To(Equal(Bar{
		ID: 0, Name: "t.py::a", NodeID: "t.py::a", Start: 2, End: 3, Outcome: events.Passed, Place: "t.py:3",
		Phases: []Phase{
			{When: "setup", Outcome: events.Passed, Start: 2, End: 2.25},
			{When: "call", Outcome: events.Passed, Start: 2.25, End: 2.75},
			{When: "teardown", Outcome: events.Passed, Start: 2.75, End: 3},
		},
	}))
}

func TestEachAttemptIsABar(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	first := phase("a", "gw0", "call", events.Rerun, 1.1, 0.2)
	first.LongRepr = "E assert 1 == 2"
	doc := drawn(join(session(), up("gw0", 0.5),
		start("a", "gw0", 1),
		phase("a", "gw0", "setup", events.Passed, 1, 0.1), first, phase("a", "gw0", "teardown", events.Passed, 1.3, 0.1),
		phase("a", "gw0", "setup", events.Passed, 1.5, 0.1), phase("a", "gw0", "call", events.Passed, 1.6, 0.2),
		phase("a", "gw0", "teardown", events.Passed, 1.8, 0.1),
		finish("a", events.Passed, 2), finished(3, 0)))
	g.Expect(doc.Bars).To(HaveLen(2))
	g.Expect([]string{doc.Bars[0].Outcome, doc.Bars[1].Outcome}).To(Equal([]string{events.Rerun, events.Passed}))
	g.Expect([]float64{doc.Bars[0].Start, doc.Bars[0].End, doc.Bars[1].Start, doc.Bars[1].End}).To(Equal([]float64{1, 1.4, 1.5, 1.9}))
	g.Expect([]int{doc.Bars[1].Attempt, doc.Bars[1].Attempts}).To(Equal([]int{2, 2}))
	g.Expect(doc.Bars[0].Reports).To(Equal([][2]string{{"call rerun", "E assert 1 == 2"}}))
	g.Expect(doc.Counts).To(Equal(map[string]int{events.Passed: 1}))
	g.Expect(doc.Outcome).To(Equal(events.Passed))
}

func TestACrashedTestLastsUntilItsWorkerWentDown(t *testing.T) {
	t.Parallel()
	crash := phase("a", "gw0", "???", events.Failed, 0, 0)
	crash.Time, crash.LongRepr = 3.1, "worker 'gw0' crashed while running 'a'"
	down := events.Event{Event: events.WorkerDown, Time: 3, Worker: "gw0", Error: "Not properly terminated"}
	for name, reported := range map[string][]events.Event{
		"reported": {crash, finish("a", events.Failed, 3.1)},
		"silent":   {},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			doc := drawn(join(session(), up("gw0", 0.5), up("gw1", 0.5), start("a", "gw0", 1),
				phase("a", "gw0", "setup", events.Passed, 1, 0.5), down, reported, finished(5, 1)))
			bar := barNamed(t, doc, "a")
			g.Expect([]float64{bar.Start, bar.End}).To(Equal([]float64{1, 3}))
			g.Expect(bar.Outcome).To(Equal(events.Failed))
			g.Expect(bar.Phases[1]).To(Equal(Phase{When: "unreported", Outcome: events.Failed, Start: 1.5, End: 3}))
			g.Expect(doc.Failures).To(Equal([]int{bar.ID}))
			g.Expect(doc.Counts).To(Equal(map[string]int{events.Failed: 1}))
			g.Expect(doc.Notes).To(ConsistOf("Worker gw0 died at 3.00 s: Not properly terminated"))
		})
	}
}

func TestASecondAttemptThatDiedIsABarOfItsOwn(t *testing.T) {
	t.Parallel()
	crash := phase("a", "gw0", "???", events.Failed, 0, 0)
	crash.LongRepr = "worker 'gw0' crashed"
	down := events.Event{Event: events.WorkerDown, Time: 3, Worker: "gw0", Error: "died"}
	first := []events.Event{
		start("a", "gw0", 1), phase("a", "gw0", "setup", events.Passed, 1, 0.25), phase("a", "gw0", "call", events.Rerun, 1.25, 0.25),
		phase("a", "gw0", "teardown", events.Passed, 1.5, 0.25), start("a", "gw0", 2),
	}
	for name, end := range map[string][]events.Event{
		"reported":   {down, crash, finish("a", events.Failed, 3.1)},
		"silent":     {down},
		"unfinished": {{Event: "later", Time: 3}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			doc := drawn(join(session(), up("gw0", 0), first, end))
			g.Expect(doc.Bars).To(HaveLen(2))
			g.Expect(doc.Bars[0].Outcome).To(Equal(events.Rerun))
			g.Expect([]float64{doc.Bars[1].Start, doc.Bars[1].End}).To(Equal([]float64{2, 3}))
			if name == "unfinished" {
				g.Expect(doc.Bars[1].Outcome).To(Equal(events.Unfinished))
			} else {
				g.Expect(doc.Bars[1].Outcome).To(Equal(events.Failed))
			}
		})
	}
}

func TestSubtestsBelongToTheirAttempt(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	part := func(attempt int, outcome, longrepr string) events.Event {
		return events.Event{Event: events.TestSubtest, NodeID: "a", Description: "part", Outcome: outcome, Attempt: attempt, LongRepr: longrepr}
	}
	doc := drawn(join(session(), up("gw0", 0), start("a", "gw0", 1),
		phase("a", "gw0", "call", events.Rerun, 1, 1), phase("a", "gw0", "teardown", events.Passed, 2, 0.1), part(1, events.Failed, "E no"),
		phase("a", "gw0", "setup", events.Passed, 3, 1), phase("a", "gw0", "teardown", events.Passed, 4, 0.1), part(2, events.Passed, ""), part(0, events.Skipped, ""),
		finish("a", events.Passed, 4.1), finished(5, 0)))
	g.Expect(doc.Bars[0].Subtests).To(Equal([]Subtest{{"part", events.Failed}}))
	g.Expect(doc.Bars[0].Reports).To(Equal([][2]string{{"subtest part", "E no"}}))
	g.Expect(doc.Bars[1].Subtests).To(Equal([]Subtest{{"part", events.Passed}, {"part", events.Skipped}}))
}

func TestALogThatWasCutOffSaysSoAndDrawsWhatRanToItsEnd(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	collected := events.Event{Event: events.Collected, Time: 1, NodeIDs: []string{"a", "b", "c"}}
	doc := drawn(join(session(), up("gw0", 0.5), collected, wholeTest("a", "gw0", 1), start("b", "gw0", 2),
		events.Event{Event: events.SpanStart, Time: 2.5, Span: "s", Lane: "suite", Name: "wait"},
		phase("b", "gw0", "setup", events.Passed, 2, 1)))
	g.Expect(doc.Outcome).To(Equal(events.Unfinished))
	for _, name := range []string{"b", "wait"} {
		bar := barNamed(t, doc, name)
		g.Expect(bar.Outcome).To(Equal(events.Unfinished))
		g.Expect(bar.End).To(Equal(3.0))
	}
	g.Expect(doc.Notes).To(ConsistOf(
		"This log was cut off: pytest wrote no session_finish. The last event is at 3.00 s; 1 test had not finished, 1 test had not started."))
}

func TestALogWithoutPytestSaysSo(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	doc := drawn(join(events.Event{Event: events.RunStart, SchemaVersion: 1, Suite: "s", RunID: "r"}))
	g.Expect(doc.Notes).To(ConsistOf("pytest never started: the log has no session_start."))
	g.Expect(doc.Outcome).To(Equal(events.Unfinished))
	g.Expect(doc.FirstTest).To(BeNil())
}

func TestBusyIsTheShareOfTheTestWindow(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	doc := drawn(join(session(), up("gw0", 0), up("gw1", 0), up("gw2", 0),
		wholeTest("a", "gw0", 10), wholeTest("b", "gw0", 11), wholeTest("c", "gw0", 12), wholeTest("d", "gw1", 13), finished(20, 0)))
	busy := []float64{*doc.Lanes[0].Busy, *doc.Lanes[1].Busy, *doc.Lanes[2].Busy}
	g.Expect(busy).To(Equal([]float64{0.75, 0.25, 0}))
}

func TestTheWayToTheFirstTestGoesBackFromSpanToSpan(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	doc := drawn(join(session(), up("gw0", 0),
		span("infrastructure", "etcd", 1, 2), span("infrastructure", "apiserver", 2, 4), span("infrastructure", "slow", 1, 3.5),
		span("seed", "one", 4.5, 5), span("suite", "before suite", 0.5, 5.5), wholeTest("a", "gw0", 6), span("suite", "late", 7, 8), finished(9, 0)))
	var way []string
	for _, step := range doc.Critical {
		name := "gap"
		if step.Bar != nil {
			name = doc.Bars[*step.Bar].Name
		}
		way = append(way, fmt.Sprintf("%s %g-%g", name, step.Start, step.End))
	}
	g.Expect(way).To(Equal([]string{
		"gap 0-1", "etcd 1-2", "apiserver 2-4", "gap 4-4.5", "one 4.5-5", "gap 5-6",
	}))
	g.Expect(*doc.FirstTest).To(Equal(6.0))
}

func TestTheSlowestTenAreTestsLongestFirst(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	log := []events.Event{session(), up("gw0", 0)}
	at := 1.0
	for i := range 12 {
		name := fmt.Sprintf("t%02d", i)
		seconds := float64(i+1) / 8
		log = append(log, start(name, "gw0", at), phase(name, "gw0", "call", events.Passed, at, seconds),
			phase(name, "gw0", "teardown", events.Passed, at+seconds, 0), finish(name, events.Passed, at+seconds))
		at += seconds
	}
	doc := drawn(join(log, span("suite", "long", 0, 50), finished(60, 0)))
	g.Expect(doc.Slowest).To(HaveLen(10))
	g.Expect(doc.Bars[doc.Slowest[0]].Name).To(Equal("t11"))
	g.Expect(doc.Bars[doc.Slowest[9]].Name).To(Equal("t02"))
}

func TestAPlaceIsRelativeToPytestsFolder(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	begin := session()
	begin.RootDir = "/checkout"
	inside, outside := wholeTest("a", "gw0", 1), wholeTest("b", "gw0", 2)
	inside[0].Path, outside[0].Path = "/checkout/tests/t.py", "/checkouts/t.py"
	doc := drawn(join(begin, up("gw0", 0), inside, outside, finished(4, 0)))
	g.Expect(barNamed(t, doc, "a").Place).To(Equal("tests/t.py:3"))
	g.Expect(barNamed(t, doc, "b").Place).To(Equal("/checkouts/t.py:3"))
}

func TestSpecsThatMirrorAFailedTestAreNoSecondFailure(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	failed := phase("a", "gw0", "call", events.Failed, 1, 1)
	failed.LongRepr, failed.Path, failed.Line = "E no", "t.py", 9
	spec := func(text, nodeID, state string) []events.Event {
		return []events.Event{
			{Event: events.SpecStart, Time: 1, Spec: text, NodeID: nodeID, Process: 1},
			{Event: events.SpecFinish, Time: 2, Spec: text, NodeID: nodeID, Process: 1, State: state},
		}
	}
	doc := drawn(join(session(), up("gw0", 0), start("a", "gw0", 1), failed, phase("a", "gw0", "teardown", events.Passed, 2, 0.1),
		finish("a", events.Failed, 2.1), spec("mirror", "a", "failed"), spec("go only", "", "panicked"), spec("left out", "", "skipped"), finished(3, 1)))
	var names []string
	for _, id := range doc.Failures {
		names = append(names, doc.Bars[id].Name)
	}
	g.Expect(names).To(ConsistOf("a", "go only"))
	g.Expect(barNamed(t, doc, "left out").Outcome).To(Equal(events.Skipped))
	g.Expect(barNamed(t, doc, "a").Place).To(Equal("t.py:9"))
	g.Expect(doc.Outcome).To(Equal(events.Failed))
}

func TestACollectionErrorIsAFailureOfItsOwnLane(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	doc := drawn(join(session(), events.Event{Event: events.CollectError, Time: 2, NodeID: "t.py", LongRepr: "E   ImportError"}, finished(3, 2)))
	g.Expect(laneNames(doc)).To(Equal([]string{"tests/collection"}))
	g.Expect(doc.Bars[doc.Failures[0]].Reports).To(Equal([][2]string{{"collection error", "E   ImportError"}}))
	g.Expect(doc.Notes).To(ConsistOf("1 file could not be collected.", "pytest ended with exit status 2"))
	g.Expect(doc.Lanes[0].Busy).To(BeNil())
}

func TestATestWithoutAWorkerIsPytestsOwn(t *testing.T) {
	t.Parallel()
	doc := drawn(join(session(), wholeTest("a", "", 1), finished(3, 0)))
	NewWithT(t).Expect(laneNames(doc)).To(Equal([]string{"tests/pytest"}))
}

func TestTheDocumentIsJSONWithoutNulls(t *testing.T) {
	t.Parallel()
	text, err := json.Marshal(drawn(join(session(), finished(1, 5))))
	g := NewWithT(t)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(string(text)).To(And(ContainSubstring(`"bars":[]`), ContainSubstring(`"lanes":[]`), ContainSubstring(`"failures":[]`)))
}

func TestManyTestsThatPassedAreDrawnWithoutPhasesAndSpecs(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	log := []any{session(), up("gw0", 0), start("red", "gw0", 1), phase("red", "gw0", "call", events.Failed, 1, 1),
		phase("red", "gw0", "teardown", events.Passed, 2, 0.1), finish("red", events.Failed, 2.1)}
	for number := range events.DetailedTests + 1 {
		nodeID := fmt.Sprintf("test-%d", number)
		log = append(log, wholeTest(nodeID, "gw0", float64(number)),
			events.Event{Event: events.SpecFinish, Time: float64(number), Spec: "mirror of " + nodeID, NodeID: nodeID, Process: 1, State: events.Passed})
	}
	doc := drawn(join(append(log, finished(events.DetailedTests+2, 1))...))
	g.Expect(doc.Notes).To(ContainElement(ContainSubstring("1001 tests that passed are drawn without")))
	g.Expect(barNamed(t, doc, "test-7").Phases).To(BeEmpty())
	g.Expect(barNamed(t, doc, "red").Phases).To(HaveLen(2))
	g.Expect(laneNames(doc)).To(Equal([]string{"tests/gw0"}))
	g.Expect(doc.Slowest).To(HaveLen(10))
}

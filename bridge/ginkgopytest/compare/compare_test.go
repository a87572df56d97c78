package compare_test

import (
	"testing"

	. "github.com/onsi/gomega"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/compare"
	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
)

// log builds a run that began at a time.
type log struct {
	run   *events.Run
	begin float64
}

func begin(at float64) log {
	l := log{events.NewRun(), at}
	l.run.Apply(events.Event{Event: events.RunStart, Time: at, SchemaVersion: 1})
	return l
}

func (l log) step(name string, from, to float64, outcome string) log {
	l.run.Apply(events.Event{Event: events.SpanStart, Time: l.begin + from, Span: name, Lane: "infrastructure", Name: name})
	l.run.Apply(events.Event{Event: events.SpanFinish, Time: l.begin + to, Span: name, Outcome: outcome, Message: "it broke"})
	return l
}

func (l log) test(nodeID string, from, to float64, outcome string) log {
	l.run.Apply(events.Event{Event: events.TestPhase, Time: l.begin + to, NodeID: nodeID, When: events.Teardown, Outcome: outcome,
		Start: l.begin + from, Stop: l.begin + to, Duration: to - from, Message: "KeyError"})
	l.run.Apply(events.Event{Event: events.TestFinish, Time: l.begin + to, NodeID: nodeID, Outcome: outcome})
	return l
}

func TestTheFirstTestsDelayHasItsCause(t *testing.T) {
	t.Parallel()
	base := begin(100).step("PostgreSQL", 0, 1, "passed").step("DataStorage", 1, 2, "passed").test("t", 2, 3, events.Passed)
	run := begin(900).step("PostgreSQL", 0, 2.2, "passed").step("DataStorage", 2.2, 3.3, "passed").test("t", 3.3, 4.3, events.Passed)
	NewWithT(t).Expect(compare.Runs(base.run, run.run)).To(Equal([]string{
		"first test 1.3 s later because PostgreSQL came 1.2 s later",
		"step PostgreSQL took 1.2 s more: 2.2 s, before 1.0 s",
		"the run took 1.3 s more: 4.3 s, before 3.0 s",
	}))
	NewWithT(t).Expect(compare.Runs(run.run, base.run)).To(ContainElement("first test 1.3 s earlier because PostgreSQL came 1.2 s earlier"))
}

func TestADelayThatNoStepExplainsHasNoCause(t *testing.T) {
	t.Parallel()
	base := begin(1).step("PostgreSQL", 0, 1, "passed").test("t", 1, 2, events.Passed)
	run := begin(1).step("PostgreSQL", 0, 1.1, "passed").test("t", 3, 4, events.Passed)
	NewWithT(t).Expect(compare.Runs(base.run, run.run)).To(ContainElement("first test 2.0 s later"))
}

func TestTestsOutcomesAndTimesAreCompared(t *testing.T) {
	t.Parallel()
	base := begin(1).step("seed", 0, 1, "passed").test("same", 1, 2, events.Passed).test("gone", 1, 2, events.Passed).test("slow", 1, 2, events.Passed)
	run := begin(1).step("seed", 0, 1, "failed").test("same", 1, 2, events.Failed).test("new", 1, 2, events.Passed).test("slow", 1, 4, events.Passed)
	NewWithT(t).Expect(compare.Runs(base.run, run.run)).To(Equal([]string{
		"1 tests only in the run:", "  new", "1 tests only in the base:", "  gone",
		"same was passed and is failed: KeyError",
		"step seed was passed and is failed: it broke",
		"slow took 2.0 s more: 3.0 s, before 1.0 s",
		"the tests of both took 2.0 s more: 4.0 s, before 2.0 s",
		"the run took 2.0 s more: 4.0 s, before 2.0 s",
	}))
}

func TestNothingIsToldOfTheSameRun(t *testing.T) {
	t.Parallel()
	base := begin(1).step("seed", 0, 1, "passed").test("t", 1, 2, events.Passed)
	NewWithT(t).Expect(compare.Runs(base.run, base.run)).To(BeEmpty())
	NewWithT(t).Expect(compare.Runs(begin(1).run, begin(9).run)).To(BeEmpty())
}

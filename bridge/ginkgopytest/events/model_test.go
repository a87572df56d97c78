package events_test

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
)

const (
	began     = `{"event":"session_start","time":10,"schema_version":1,"pid":1,"rootdir":"/p","pytest":"9","python":"3"}`
	startedA  = `{"event":"test_start","time":11,"nodeid":"a","worker":"gw0","pid":2,"path":"/p/a.py","line":3}`
	finishedA = `{"event":"test_finish","time":20,"nodeid":"a","outcome":"%s","worker":"gw0","attempts":%d}`
)

func read(t *testing.T, lines ...string) *events.Run {
	t.Helper()
	run, err := events.Read(logOf(t, append([]string{began}, lines...)...))
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	return run
}

// phase is a line; more are further fields.
func phase(when, outcome string, attempt int, start float64, more string) string {
	return fmt.Sprintf(`{"event":"phase","time":%[4]g,"nodeid":"a","when":%[1]q,"outcome":%[2]q,"attempt":%[3]d,`+
		`"start":%[4]g,"stop":%[5]g,"duration":0.5,"worker":"gw0"%[6]s}`, when, outcome, attempt, start, start+0.5, more)
}

func TestAnAttemptHasItsPhasesAndTheLastOneDecides(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	test := read(t, startedA,
		phase("setup", "passed", 1, 11, ""), phase("call", "rerun", 1, 12, `,"message":"E1","longrepr":"first"`), phase("teardown", "passed", 1, 13, ""),
		phase("setup", "passed", 2, 14, ""), phase("call", "failed", 2, 15, `,"message":"E2","longrepr":"second","path":"/p/a.py","line":7`), phase("teardown", "passed", 2, 16, ""),
		fmt.Sprintf(finishedA, "failed", 2)).Test("a")
	attempts := test.Attempts()
	g.Expect(attempts).To(HaveLen(2))
	g.Expect([]string{attempts[0].Outcome, attempts[1].Outcome}).To(Equal([]string{events.Rerun, events.Failed}))
	g.Expect(attempts[0].Phases).To(HaveLen(3))
	g.Expect(attempts[0].Phases[1].Texts().LongRepr).To(Equal("first"))
	g.Expect([]float64{attempts[1].Start(), attempts[1].Stop()}).To(Equal([]float64{14, 16.5}))
	g.Expect(test.Message).To(Equal("E2"))
	g.Expect(test.Failure()).To(Equal(events.Place{Path: "/p/a.py", Line: 7}))
	g.Expect(test.Ran()).To(Equal(2))
	g.Expect(test.Seconds()).To(Equal(3.0))
}

func TestTheNextStartOfATestMayStandBeforeTheEndOfTheLast(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	again := strings.Replace(startedA, `"time":11`, `"time":12.6`, 1)
	test := read(t, startedA, phase("setup", "passed", 1, 11, ""), phase("call", "rerun", 1, 12, ""), again, phase("teardown", "passed", 1, 12.5, "")).Test("a")
	g.Expect(test.Attempts()).To(HaveLen(1))
	begun := read(t, startedA, phase("setup", "passed", 1, 11, ""), phase("call", "rerun", 1, 11.5, ""), phase("teardown", "passed", 1, 12, ""), again).Test("a")
	g.Expect(begun.Attempts()).To(HaveLen(2))
	g.Expect(begun.Attempts()[0].Outcome).To(Equal(events.Rerun))
}

func TestWorkersThatAllRunATestHaveAnAttemptEach(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	other := func(line string) string { return strings.ReplaceAll(line, "gw0", "gw1") }
	test := read(t, startedA, other(startedA),
		phase("setup", "passed", 1, 11, ""), other(phase("setup", "passed", 1, 11, "")),
		phase("call", "failed", 1, 12, `,"message":"E1","path":"/p/a.py","line":7`), other(phase("call", "passed", 1, 12, "")),
		phase("teardown", "passed", 1, 13, ""), other(phase("teardown", "passed", 1, 13, "")),
		fmt.Sprintf(finishedA, "failed", 1)).Test("a")
	g.Expect(test.Attempts()).To(HaveLen(2))
	for i, worker := range []string{"gw0", "gw1"} {
		g.Expect(test.Attempts()[i].Worker).To(Equal(worker))
		g.Expect(test.Attempts()[i].Phases).To(HaveLen(3))
	}
	g.Expect(test.Message).To(Equal("E1"))
	g.Expect(test.Failure().Line).To(Equal(7))
}

func TestAWorseOutcomeThatComesLaterCounts(t *testing.T) {
	t.Parallel()
	test := read(t, startedA, phase("teardown", "passed", 1, 13, ""), fmt.Sprintf(finishedA, "passed", 1),
		phase("teardown", "error", 1, 14, `,"message":"found a leak"`), fmt.Sprintf(finishedA, "error", 1)).Test("a")
	NewWithT(t).Expect([]string{test.Outcome, test.Message}).To(Equal([]string{events.Error, "found a leak"}))
}

func TestAPhaseWhoseClockWasSetLastsAsLongAsItsReport(t *testing.T) {
	t.Parallel()
	test := read(t, startedA, `{"event":"phase","time":12,"nodeid":"a","when":"call","outcome":"passed","attempt":1,"duration":0.5}`,
		phase("teardown", "passed", 1, 13, ""), fmt.Sprintf(finishedA, "passed", 1)).Test("a")
	NewWithT(t).Expect([]float64{test.Start(), test.Stop()}).To(Equal([]float64{11.5, 13.5}))
}

func TestSectionsAreThoseOfEveryPhaseOfTheLastAttempt(t *testing.T) {
	t.Parallel()
	section := func(text string) string { return `,"sections":[["out",` + fmt.Sprintf("%q", text) + `]]` }
	test := read(t, startedA,
		phase("setup", "passed", 1, 11, section("early")), phase("call", "rerun", 1, 12, ""), phase("teardown", "passed", 1, 13, ""),
		phase("setup", "passed", 2, 14, section("before")), phase("call", "passed", 2, 15, section("within")), phase("teardown", "passed", 2, 16, section("after")),
		fmt.Sprintf(finishedA, "passed", 2)).Test("a")
	NewWithT(t).Expect(test.Sections()).To(Equal([][2]string{{"out", "before"}, {"out", "within"}, {"out", "after"}}))
}

func TestTheReasonIsTheLineOfWhatDecided(t *testing.T) {
	t.Parallel()
	subtest := `{"event":"subtest","time":12,"nodeid":"a","description":"[row]","outcome":"failed","duration":0,"attempt":1,"message":"row is one","path":"/p/a.py","line":9}`
	for name, c := range map[string]struct {
		outcome, message string
		lines            []string
	}{
		"the writer's own": {"failed", "KeyError: 'x'", []string{phase("call", "failed", 1, 12, `,"message":"KeyError: 'x'","longrepr":"E   Other"`)}},
		"the traceback's":  {"failed", "assert 0", []string{phase("call", "failed", 1, 12, `,"longrepr":"a\nE   assert 0\nE     more"`)}},
		"a teardown's":     {"error", "broken", []string{phase("call", "passed", 1, 12, ""), phase("teardown", "error", 1, 13, `,"message":"broken"`)}},
		"a sub-test's":     {"failed", "subtest [row]: row is one", []string{subtest, phase("call", "failed", 1, 12, `,"message":"contains 1 failed subtest"`)}},
		"a crash's":        {"failed", "worker 'gw0' crashed", []string{`{"event":"phase","time":13,"nodeid":"a","outcome":"failed","duration":0,"attempt":1,"message":"worker 'gw0' crashed"}`}},
		"none of a pass":   {"passed", "", []string{phase("call", "passed", 1, 12, "")}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test := read(t, append(append([]string{startedA}, c.lines...), fmt.Sprintf(finishedA, c.outcome, 1))...).Test("a")
			NewWithT(t).Expect(test.Message).To(Equal(c.message))
		})
	}
}

func TestTheEndOfATestIsKnownAsFarAsTheLogGoes(t *testing.T) {
	t.Parallel()
	died := `{"event":"worker_down","time":15,"worker":"gw0","error":"killed"}`
	for name, c := range map[string]struct {
		lines  []string
		ending events.Ending
	}{
		"reported":     {[]string{phase("teardown", "passed", 1, 12, ""), fmt.Sprintf(finishedA, "passed", 1)}, events.Ending{Outcome: "passed", Time: 12.5}},
		"its worker's": {[]string{phase("setup", "passed", 1, 12, ""), died}, events.Ending{Outcome: "failed", Time: 15, Message: "worker gw0 died: killed"}},
		"the log's":    {[]string{phase("setup", "passed", 1, 12, "")}, events.Ending{Outcome: "unfinished", Time: 12, Message: events.CutOff + " after the setup of this test"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run := read(t, append([]string{startedA}, c.lines...)...)
			NewWithT(t).Expect(run.Ending(run.Test("a"))).To(Equal(c.ending))
			NewWithT(t).Expect(run.Outcomes()).To(Equal(map[string]int{c.ending.Outcome: 1}))
		})
	}
}

func TestFactsAreWhatNoTestTells(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	kinds := func(lines ...string) (found []events.Kind) {
		for _, fact := range read(t, lines...).Facts() {
			g.Expect(fact.Message).NotTo(BeEmpty())
			found = append(found, fact.Kind)
		}
		return found
	}
	g.Expect(kinds(`{"event":"session_finish","time":20,"exitstatus":1}`)).To(BeEmpty())
	g.Expect(kinds(`{"event":"session_finish","time":20,"exitstatus":3}`)).To(ConsistOf(events.BadExit))
	g.Expect(kinds()).To(ConsistOf(events.RunCutOff, events.SessionCutOff))
	g.Expect(kinds(`{"event":"run_start","time":9,"schema_version":1,"suite":"s"}`, `{"event":"session_finish","time":20,"exitstatus":2}`,
		`{"event":"run_finish","time":21,"outcome":"interrupted"}`)).To(ConsistOf(events.RunInterrupted, events.BadExit))
	g.Expect(kinds(`{"event":"worker_down","time":15,"worker":"gw0","error":"killed"}`, `{"event":"collect_error","time":16,"nodeid":"b.py","longrepr":"E no"}`,
		`{"event":"session_finish","time":20,"exitstatus":0}`)).To(ConsistOf(events.WorkerDied, events.CollectionFailed))
}

func TestTextsAreReadFromTheLogWhenTheyAreAskedFor(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	path := logOf(t, began, startedA, phase("call", "failed", 1, 12, `,"longrepr":"the traceback"`), fmt.Sprintf(finishedA, "failed", 1))
	run, err := events.Read(path)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(run.Test("a").Last().Phases[0].Texts().LongRepr).To(Equal("the traceback"))
	g.Expect(os.Remove(path)).To(Succeed())
	g.Expect(run.Test("a").Last().Phases[0].Texts().LongRepr).To(And(ContainSubstring("cannot be read any more"), ContainSubstring(path)))
	g.Expect(run.Test("a").Message).To(Equal("the traceback"))
}

func TestLongTextsKeepTheirBeginningAndTheirEnd(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	long := "begin" + strings.Repeat("x", 1<<20) + "é the error"
	test := read(t, startedA, phase("call", "failed", 1, 12, fmt.Sprintf(`,"longrepr":%q,"sections":[["out",%q]]`, long, long))).Test("a")
	texts := test.Last().Phases[0].Texts()
	for _, text := range []string{texts.LongRepr, texts.Sections[0][1]} {
		g.Expect(len(text)).To(BeNumerically("~", events.TextLimit-50, 50))
		g.Expect(events.Shorten(text, events.TextLimit)).To(Equal(text), "twice is as once")
		g.Expect(text).To(And(HavePrefix("begin"), HaveSuffix("é the error")))
		begin, rest, found := strings.Cut(text, "\n[")
		g.Expect(found).To(BeTrue())
		_, end, _ := strings.Cut(rest, "]\n")
		g.Expect(rest).To(HavePrefix(fmt.Sprintf("%d bytes left out: the event log has them]", len(long)-len(begin)-len(end))))
	}
	g.Expect(events.Shorten("short", events.TextLimit)).To(Equal("short"))
}

// Not parallel: it looks at the memory of the process.
func TestTheModelDoesNotHoldWhatTestsPrinted(t *testing.T) {
	g := NewWithT(t)
	lines := []string{began}
	printed := strings.Repeat("x", 400_000)
	for i := range 100 {
		lines = append(lines, fmt.Sprintf(`{"event":"phase","time":12,"nodeid":"t%d","when":"call","outcome":"passed","attempt":1,"start":12,"stop":13,"duration":1,"sections":[["out",%q]]}`, i, printed))
	}
	path := logOf(t, lines...)
	lines = nil
	before := heap()
	run, err := events.Read(path)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(heap() - before).To(BeNumerically("<", 2<<20))
	g.Expect(run.Tests).To(HaveLen(100))
	g.Expect(run.Test("t7").Sections()[0][1]).To(And(HavePrefix("xxx"), ContainSubstring("bytes left out"), HaveSuffix("xxx")))
}

func heap() int64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}

// Not parallel either.
func TestLookingOftenAtALogCostsLittleMemory(t *testing.T) {
	g := NewWithT(t)
	log, seen := events.Follow(logOf(t, began)), 0
	look := func() { g.Expect(log.Each(func(events.Event) { seen++ })).To(Succeed()) }
	look()
	before := allocated()
	for range 100 {
		look()
	}
	g.Expect(seen).To(Equal(1))
	g.Expect(allocated() - before).To(BeNumerically("<", 1<<20))
}

func allocated() uint64 {
	var now runtime.MemStats
	runtime.ReadMemStats(&now)
	return now.TotalAlloc
}

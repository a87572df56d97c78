package timeline

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
)

// readEvent is an event as a reader of the trace event format sees it.
type readEvent struct {
	Name string         `json:"name"`
	Kind string         `json:"ph"`
	PID  int            `json:"pid"`
	TID  int            `json:"tid"`
	TS   *int64         `json:"ts"`
	Dur  *int64         `json:"dur"`
	Args map[string]any `json:"args"`
}

func traceOf(t *testing.T, run *events.Run) []readEvent {
	t.Helper()
	g := NewWithT(t)
	path := filepath.Join(t.TempDir(), "trace.json")
	g.Expect(Build(run).WriteTrace(path)).To(Succeed())
	text, err := os.ReadFile(path)
	g.Expect(err).NotTo(HaveOccurred())
	var found struct {
		Events []readEvent `json:"traceEvents"`
	}
	g.Expect(json.Unmarshal(text, &found)).To(Succeed())
	return found.Events
}

func wholeRun() *events.Run {
	overlapping := span("seed", "oom", 1.5, 2.5)
	overlapping[0].Span, overlapping[1].Span = "second", "second"
	return join(session(), up("gw0", 0), up("gw1", 0),
		span("infrastructure", "etcd", 0, 1), span("seed", "oom", 1, 2), overlapping,
		wholeTest("a", "gw0", 3), wholeTest("b", "gw1", 3.5), wholeTest("c", "gw0", 4), wholeTest("e", "gw0", 5-50e-6),
		events.Event{Event: events.SpecStart, Time: 3, Spec: "a spec", NodeID: "a", Process: 1},
		events.Event{Event: events.SpecFinish, Time: 4, Spec: "a spec", NodeID: "a", Process: 1, State: "passed"},
		start("d", "gw1", 5), phase("d", "gw1", "setup", events.Passed, 5, 0.1),
		events.Event{Event: events.WorkerDown, Time: 6, Worker: "gw1", Error: "killed"}, finished(7, 1))
}

func TestATraceNamesItsProcessesAndThreads(t *testing.T) {
	t.Parallel()
	names := map[string][]string{}
	for _, e := range traceOf(t, wholeRun()) {
		if e.Kind == "M" && (e.Name == "process_name" || e.Name == "thread_name") {
			names[e.Name] = append(names[e.Name], e.Args["name"].(string))
		}
	}
	NewWithT(t).Expect(names).To(Equal(map[string][]string{
		"process_name": {"infrastructure", "seed", "tests by worker", "Ginkgo specs"},
		"thread_name":  {"etcd", "oom", "oom", "gw0", "gw1", "process 1"},
	}))
}

func TestSlicesOfAThreadNest(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	type interval struct{ start, end int64 }
	threads := map[[2]int][]interval{}
	for _, e := range traceOf(t, wholeRun()) {
		if e.Kind == "X" {
			threads[[2]int{e.PID, e.TID}] = append(threads[[2]int{e.PID, e.TID}], interval{*e.TS, *e.TS + *e.Dur})
		}
	}
	g.Expect(threads).To(HaveLen(6))
	for thread, slicesOf := range threads {
		for i, one := range slicesOf {
			for _, other := range slicesOf[i+1:] {
				apart := one.end <= other.start || other.end <= one.start
				inside := (one.start <= other.start && other.end <= one.end) || (other.start <= one.start && one.end <= other.end)
				g.Expect(apart || inside).To(BeTrue(), "%v: %v and %v", thread, one, other)
			}
		}
	}
}

func TestATraceHasEachTestWithItsPhases(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	found := traceOf(t, wholeRun())
	test := slices.IndexFunc(found, func(e readEvent) bool { return e.Name == "c" })
	g.Expect(*found[test].TS).To(Equal(int64(4_000_000)))
	g.Expect(*found[test].Dur).To(Equal(int64(1_000_000)))
	g.Expect(found[test].Args).To(HaveKeyWithValue("outcome", "passed"))
	g.Expect([]string{found[test+1].Name, found[test+2].Name, found[test+3].Name}).To(Equal([]string{"setup", "call", "teardown"}))
	g.Expect(*found[test+2].TS).To(Equal(int64(4_250_000)))
}

func TestATraceMarksADeathAndCountsRunningTests(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	var deaths []string
	var counts []float64
	for _, e := range traceOf(t, wholeRun()) {
		switch e.Kind {
		case "i":
			deaths = append(deaths, e.Name+": "+e.Args["error"].(string))
		case "C":
			counts = append(counts, e.Args["tests"].(float64))
		}
	}
	g.Expect(deaths).To(Equal([]string{"gw1 died: killed"}))
	g.Expect(counts).To(Equal([]float64{1, 2, 1, 2, 1, 0}))
}

package timeline

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
)

// traceEvent is one object of the trace event format. Times are microseconds.
type traceEvent struct {
	Name string         `json:"name"`
	Kind string         `json:"ph"`
	Cat  string         `json:"cat,omitempty"`
	PID  int            `json:"pid"`
	TID  int            `json:"tid"`
	TS   int64          `json:"ts"`
	Dur  *int64         `json:"dur,omitempty"`
	Args map[string]any `json:"args,omitempty"`
	// Scope is that of an instant: g, the whole trace.
	Scope string `json:"s,omitempty"`
}

type trace struct {
	Events    []traceEvent   `json:"traceEvents"`
	Unit      string         `json:"displayTimeUnit"`
	OtherData map[string]any `json:"otherData"`
}

// WriteTrace writes the run as a trace: a process for each group of lanes, a
// thread for each row, a slice for each bar and below it one for each phase.
func WriteTrace(path string, run *events.Run) error {
	text, err := json.Marshal(buildTrace(Build(run)))
	if err != nil {
		return fmt.Errorf("make the trace: %w", err)
	}
	return replace(path, text)
}

func buildTrace(doc Document) trace {
	threads, found := traceThreads(doc.Lanes)
	ends := map[int]float64{}
	for _, bar := range doc.Bars {
		tid := threads[bar.Lane] + bar.Row
		found = append(found, traceBar(doc.Lanes[bar.Lane].Group, after(bar, ends[tid]), tid)...)
		ends[tid] = bar.End
	}
	for i, lane := range doc.Lanes {
		if lane.Error != "" && lane.Down != nil {
			found = append(found, traceEvent{
				Name: lane.Name + " died", Kind: "i", Cat: lane.Group, Scope: "g",
				PID: traceProcess(lane.Group), TID: threads[i], TS: whole(*lane.Down),
				Args: map[string]any{"error": lane.Error},
			})
		}
	}
	found = append(found, traceRunning(doc)...)
	other := map[string]any{"suite": doc.Suite, "run_id": doc.RunID, "outcome": doc.Outcome, "started": doc.Started}
	return trace{Events: found, Unit: "ms", OtherData: other}
}

var groupTitles = []struct{ group, title string }{
	{groupInfrastructure, "infrastructure"},
	{groupSeed, "seed"},
	{groupSuite, "suite"},
	{groupTests, "tests by worker"},
	{groupSpecs, "Ginkgo specs"},
}

func traceProcess(group string) int {
	for i, known := range groupTitles {
		if known.group == group {
			return i + 1
		}
	}
	return 0
}

// traceThreads names processes and threads, and says which thread each lane
// begins with: its rows have one each, as slices of a thread must nest.
func traceThreads(lanes []Lane) ([]int, []traceEvent) {
	var found []traceEvent
	threads := make([]int, len(lanes))
	named := map[string]bool{}
	next := 1
	for i, lane := range lanes {
		pid := traceProcess(lane.Group)
		if !named[lane.Group] {
			named[lane.Group] = true
			found = append(found,
				metadata("process_name", pid, 0, "name", groupTitles[pid-1].title),
				metadata("process_sort_index", pid, 0, "sort_index", pid))
		}
		threads[i] = next
		for range lane.Rows {
			found = append(found,
				metadata("thread_name", pid, next, "name", lane.Name),
				metadata("thread_sort_index", pid, next, "sort_index", next))
			next++
		}
	}
	return threads, found
}

func metadata(name string, pid, tid int, key string, value any) traceEvent {
	return traceEvent{Name: name, Kind: "M", PID: pid, TID: tid, Args: map[string]any{key: value}}
}

func traceBar(group string, bar Bar, tid int) []traceEvent {
	args := map[string]any{"outcome": bar.Outcome}
	for key, value := range map[string]string{"nodeid": bar.NodeID, "state": bar.State, "place": bar.Place} {
		if value != "" {
			args[key] = value
		}
	}
	if len(bar.Reports) > 0 {
		args["report"] = bar.Reports[0][1]
	}
	if bar.Attempts > 0 {
		args["attempt"] = bar.Attempt
	}
	pid := traceProcess(group)
	found := []traceEvent{slice(bar.Name, group, pid, tid, bar.Start, bar.End, args)}
	for _, phase := range bar.Phases {
		found = append(found, slice(phase.When, "phase", pid, tid, phase.Start, phase.End, map[string]any{"outcome": phase.Outcome}))
	}
	return found
}

// after lets a bar and its phases begin no sooner than the bar before it ended:
// slices that overlap by a rounding would nest.
func after(bar Bar, end float64) Bar {
	bar.Start = max(bar.Start, end)
	phases := slices.Clone(bar.Phases)
	for i := range phases {
		phases[i].Start = max(phases[i].Start, end)
		phases[i].End = max(phases[i].End, end)
	}
	bar.Phases = phases
	return bar
}

func slice(name, cat string, pid, tid int, start, end float64, args map[string]any) traceEvent {
	duration := whole(end) - whole(start)
	return traceEvent{Name: name, Kind: "X", Cat: cat, PID: pid, TID: tid, TS: whole(start), Dur: &duration, Args: args}
}

// traceRunning counts the tests that run at a time.
func traceRunning(doc Document) []traceEvent {
	changes := map[int64]int{}
	for _, bar := range testBars(&doc) {
		changes[whole(bar.Start)]++
		changes[whole(bar.End)]--
	}
	var found []traceEvent
	running := 0
	for _, at := range slices.Sorted(maps.Keys(changes)) {
		if changes[at] == 0 {
			continue
		}
		running += changes[at]
		found = append(found, traceEvent{
			Name: "running tests", Kind: "C", PID: traceProcess(groupTests), TS: at, Args: map[string]any{"tests": running},
		})
	}
	return found
}

func whole(seconds float64) int64 { return int64(microseconds(seconds)) }

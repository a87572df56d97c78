package timeline

import (
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"maps"
	"slices"
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

// traceFrame is what stands around the events.
type traceFrame struct {
	Unit      string         `json:"displayTimeUnit"`
	OtherData map[string]any `json:"otherData"`
}

// WriteTrace writes the same as a trace: a process for each group of lanes, a
// thread for each row, a slice for each bar and below it one for each phase.
func (d Document) WriteTrace(path string) error {
	return replace(path, func(out io.Writer) error { return writeTrace(out, d) })
}

func writeTrace(out io.Writer, doc Document) error {
	other := map[string]any{"suite": doc.Suite, "run_id": doc.RunID, "outcome": doc.Outcome, "started": doc.Started}
	frame, err := json.Marshal(traceFrame{Unit: "ms", OtherData: other})
	if err != nil {
		return err
	}
	separator := `{"traceEvents":[` + "\n"
	for event := range traceEvents(doc) {
		text, err := json.Marshal(event)
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(out, "%s%s", separator, text); err != nil {
			return err
		}
		separator = ",\n"
	}
	_, err = fmt.Fprintf(out, "\n],%s", frame[1:])
	return err
}

// traceEvents makes the events of a bar when they are asked for, with the texts.
func traceEvents(doc Document) iter.Seq[traceEvent] {
	threads, names := traceThreads(doc.Lanes)
	limits, ends := limitsOf(doc.Bars), map[int]float64{}
	return func(yield func(traceEvent) bool) {
		all := func(found []traceEvent) bool {
			for _, event := range found {
				if !yield(event) {
					return false
				}
			}
			return true
		}
		if !all(names) {
			return
		}
		for _, bar := range doc.Bars {
			tid := threads[bar.Lane] + bar.Row
			bar = after(limits.complete(bar), ends[tid])
			if !all(traceBar(doc.Lanes[bar.Lane].Group, bar, tid)) {
				return
			}
			ends[tid] = bar.End
		}
		_ = all(traceDeaths(doc, threads)) && all(traceRunning(doc))
	}
}

func traceDeaths(doc Document, threads []int) []traceEvent {
	var found []traceEvent
	for i, lane := range doc.Lanes {
		if lane.Error != "" && lane.Down != nil {
			found = append(found, traceEvent{
				Name: lane.Name + " died", Kind: "i", Cat: lane.Group, Scope: "g",
				PID: traceProcess(lane.Group), TID: threads[i], TS: whole(*lane.Down),
				Args: map[string]any{"error": lane.Error},
			})
		}
	}
	return found
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

package merge

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"slices"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
)

const (
	eventsFile = "events.jsonl"
	// noTests is pytest's exit status of a shard that had none.
	noTests = 5
)

// Log writes the one log of the shards into a folder that has none: on the
// first one's clock, workers, steps and Ginkgo processes by shard.
func Log(shards []Shard, dir string) (err error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	path := filepath.Join(dir, eventsFile)
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		return errors.Join(fmt.Errorf("%s is there already: name a new folder", path), err)
	}
	log, err := events.Open(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, log.Close()) }()
	frame := frameOf(shards, filepath.Base(dir))
	for _, event := range frame.head {
		if err := log.Append(event); err != nil {
			return err
		}
	}
	for event := range inOrder(shards) {
		if err := log.Append(event); err != nil {
			return err
		}
	}
	for _, event := range frame.tail {
		if err := log.Append(event); err != nil {
			return err
		}
	}
	return nil
}

// frame are the events that a log has once.
type frame struct{ head, tail []events.Event }

func frameOf(shards []Shard, id string) frame {
	first := shards[0].Run
	begin, end, session := first.Begin, 0.0, events.Event{Event: events.SessionStart, SchemaVersion: events.SchemaVersion}
	run := events.Event{Event: events.RunStart, SchemaVersion: events.SchemaVersion, RunID: id, Suite: first.Suite, Path: first.Path, Tree: first.Tree}
	finish, status, ended := events.Event{Event: events.RunFinish, Outcome: events.Passed}, 0, true
	collected := events.Event{Event: events.Collected}
	for _, shard := range shards {
		run := shard.Run
		begin, end = min(begin, run.Begin+shard.Offset), max(end, run.End+shard.Offset)
		collected.NodeIDs = append(collected.NodeIDs, run.Collected...)
		finish.Outcome = worse(finish.Outcome, run.Outcome)
		if started := run.Session.Start; started > 0 {
			session.Workers += run.Session.Workers
			session.RootDir, session.Pytest, session.Python = run.Session.RootDir, run.Session.Pytest, run.Session.Python
			session.PID = cmp.Or(session.PID, run.Session.PID)
			session.Time = earlier(session.Time, started+shard.Offset)
			ended = ended && run.Session.Finished()
		}
		if run.Session.Finished() && *run.Session.ExitStatus != noTests {
			status = max(status, *run.Session.ExitStatus)
		}
	}
	for _, shard := range shards[1:] {
		if shard.Run.Tree != run.Tree {
			run.Tree = ""
		}
	}
	run.Time, collected.Time, finish.Time = begin, session.Time, end
	made := frame{head: []events.Event{run}}
	if session.Time > 0 {
		made.head = append(made.head, session, collected)
		if ended {
			made.tail = append(made.tail, events.Event{Event: events.SessionFinish, Time: end, ExitStatus: &status})
		}
	}
	if finish.Outcome != "" {
		made.tail = append(made.tail, finish)
	}
	return made
}

// worse is the outcome of two runs; empty, when one was cut off, is worst.
func worse(x, y string) string {
	order := []string{events.Passed, events.Failed, events.Interrupted, ""}
	return order[max(slices.Index(order, x), slices.Index(order, y))]
}

func earlier(known, time float64) float64 {
	if known == 0 {
		return time
	}
	return min(known, time)
}

// inOrder are the other events of all logs by time, read side by side.
func inOrder(shards []Shard) iter.Seq[events.Event] {
	return func(yield func(events.Event) bool) {
		type source struct {
			event events.Event
			next  func() (events.Event, bool)
		}
		var sources []*source
		processes := 0
		for _, shard := range shards {
			next, stop := iter.Pull(shard.own(processes))
			defer stop()
			processes += shard.processes()
			if event, more := next(); more {
				sources = append(sources, &source{event, next})
			}
		}
		for len(sources) > 0 {
			first := slices.MinFunc(sources, func(x, y *source) int { return cmp.Compare(x.event.Time, y.event.Time) })
			if !yield(first.event) {
				return
			}
			event, more := first.next()
			if first.event = event; !more {
				sources = slices.DeleteFunc(sources, func(s *source) bool { return s == first })
			}
		}
	}
}

func (s Shard) processes() int {
	most := 1
	for _, spec := range s.Run.Specs {
		most = max(most, spec.Process)
	}
	return most
}

// own are the shard's events as the merged log has them.
func (s Shard) own(processes int) iter.Seq[events.Event] {
	return func(yield func(events.Event) bool) {
		reading := true
		_ = events.Follow(filepath.Join(s.Dir, eventsFile)).Each(func(event events.Event) {
			switch event.Event {
			case events.RunStart, events.RunFinish, events.Selected, events.SessionStart, events.SessionFinish, events.Collected:
				return
			}
			reading = reading && yield(s.mark(event, processes))
		})
	}
}

// mark moves an event to the merged clock and names what others have too.
func (s Shard) mark(event events.Event, processes int) events.Event {
	event.Time += s.Offset
	if event.Start > 0 {
		event.Start += s.Offset
	}
	if event.Stop > 0 {
		event.Stop += s.Offset
	}
	switch event.Event {
	case events.TestStart, events.TestPhase, events.TestFinish, events.WorkerUp, events.WorkerDown:
		event.Worker = s.name(event.Worker)
	case events.SpanStart:
		event.Span, event.Name = s.name(event.Span), s.name(event.Name)
	case events.SpanFinish:
		event.Span = s.name(event.Span)
	case events.SpecStart, events.SpecFinish:
		event.Process += processes
		if event.NodeID == "" {
			event.Spec = s.name(event.Spec)
		}
	}
	return event
}

func (s Shard) name(own string) string {
	if own == "" {
		return s.Label
	}
	return s.Label + " " + own
}

package console

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
)

// progress is what the log has told so far.
type progress struct {
	run                   *events.Run
	total                 int
	done, failed, skipped int
	failures              []string
	ended                 bool
}

func newProgress() *progress { return &progress{run: events.NewRun()} }

// take notes one event; failures collects the lines to be shown at once.
func (p *progress) take(event events.Event) {
	p.run.Apply(event)
	switch event.Event {
	case events.Collected:
		p.total = len(event.NodeIDs)
	case events.CollectError:
		p.fail(event.NodeID, "", events.Place{}, p.run.CollectErrors[len(p.run.CollectErrors)-1].Message)
	case events.SpanFinish:
		if event.Outcome == events.Failed {
			p.failures = append(p.failures, "FAILED step: "+events.FirstLine(event.Message))
		}
	case events.WorkerDown:
		if event.Error != "" {
			p.failures = append(p.failures, fmt.Sprintf("worker %s died: %s", event.Worker, events.FirstLine(event.Error)))
		}
	case events.TestFinish:
		p.finish(event)
	case events.RunFinish, events.SessionFinish:
		p.ended = true
	}
}

func (p *progress) finish(event events.Event) {
	p.done++
	switch event.Outcome {
	case events.Skipped:
		p.skipped++
	case events.Failed, events.Error:
		test := p.run.Test(event.NodeID)
		p.fail(event.NodeID, event.Worker, test.Failure(), test.Message)
	}
}

func (p *progress) fail(nodeID, worker string, place events.Place, message string) {
	p.failed++
	text := "FAILED " + nodeID
	if worker != "" {
		text += " on " + worker
	}
	if place.Known() {
		text += fmt.Sprintf(" at %s:%d", filepath.Base(place.Path), place.Line)
	}
	p.failures = append(p.failures, text+": "+message)
}

// takeFailures are those since the last call.
func (p *progress) takeFailures() []string {
	found := p.failures
	p.failures = nil
	return found
}

// running are the tests that have begun and not ended, by worker.
func (p *progress) running() []*events.Test {
	var found []*events.Test
	for _, test := range p.run.Tests {
		if test.Finished == 0 && test.Started > 0 {
			found = append(found, test)
		}
	}
	slices.SortStableFunc(found, func(a, b *events.Test) int {
		return cmp.Or(cmp.Compare(len(a.Worker), len(b.Worker)), strings.Compare(a.Worker, b.Worker))
	})
	return found
}

// steps are the suite's own steps that have begun and not ended; what is seeded
// is too much for a line, and over at once.
func (p *progress) steps() []string {
	var found []string
	for _, span := range p.run.Spans {
		if span.Finish == 0 && span.Lane != "seed" {
			found = append(found, span.Name)
		}
	}
	return found
}

// counts is the one line that says how far the run is.
func (p *progress) counts(now time.Time) string {
	elapsed := time.Duration(0)
	if p.run.Begin > 0 {
		elapsed = now.Sub(events.Time(p.run.Begin))
	}
	text := fmt.Sprintf("[%3.0f s] ", elapsed.Seconds())
	if p.done == 0 && len(p.running()) == 0 {
		return text + p.waiting()
	}
	text += fmt.Sprintf("%d/%d done", p.done, max(p.total, p.done+len(p.running())))
	if p.failed > 0 {
		text += fmt.Sprintf(", %d failed", p.failed)
	}
	if p.skipped > 0 {
		text += fmt.Sprintf(", %d skipped", p.skipped)
	}
	return text
}

func (p *progress) waiting() string {
	if steps := p.steps(); len(steps) > 0 {
		return "under way: " + strings.Join(steps, ", ")
	}
	return "no test has begun"
}

func describe(test *events.Test, now time.Time) string {
	worker := test.Worker
	if worker == "" {
		worker = "pytest"
	}
	return fmt.Sprintf("%s %s (%.0f s)", worker, test.NodeID, now.Sub(events.Time(test.Start())).Seconds())
}

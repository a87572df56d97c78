package timeline

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
)

// Build makes the document of a run. The texts of tests are read from the log
// when the document is written.
func Build(run *events.Run) Document {
	b := builder{run: run, outline: run.Outline(), lanes: map[laneKey]int{}, doc: Document{Lanes: []Lane{}, Bars: []Bar{}}}
	b.addSpans()
	b.addWorkers()
	b.addTests()
	b.addCollectErrors()
	b.addSpecs()
	b.order()
	doc := Document{
		Suite: run.Suite, RunID: run.RunID, Started: run.Begin, Seconds: b.seconds(run.End),
		Pytest: run.Session.Pytest, Python: run.Session.Python,
		Lanes: b.doc.Lanes, Bars: b.doc.Bars, Counts: run.Outcomes(), Notes: notes(run),
	}
	doc.Failures = failures(doc)
	doc.Outcome = outcome(run, doc)
	measure(&doc)
	return doc
}

type laneKey struct{ group, name string }

type builder struct {
	run     *events.Run
	doc     Document
	lanes   map[laneKey]int
	outline events.Outline
}

// seconds turns an epoch time into one of the document, in whole microseconds.
func (b *builder) seconds(epoch float64) float64 {
	return microseconds(epoch-b.run.Begin) / 1e6
}

func (b *builder) lane(group, name string) int {
	key := laneKey{group, name}
	index, known := b.lanes[key]
	if !known {
		index = len(b.doc.Lanes)
		b.lanes[key] = index
		b.doc.Lanes = append(b.doc.Lanes, Lane{Group: group, Name: name, Rows: 1})
	}
	return index
}

func (b *builder) add(bar Bar) {
	bar.Start = max(bar.Start, 0)
	bar.End = max(bar.End, bar.Start)
	b.doc.Bars = append(b.doc.Bars, bar)
}

func (b *builder) addSpans() {
	for _, span := range b.run.Spans {
		bar := Bar{
			Lane: b.lane(group(span.Lane), span.Name), Name: span.Name,
			Start: b.seconds(span.Start), End: b.seconds(span.Finish), Outcome: span.Outcome,
		}
		if span.Finish == 0 {
			bar.End, bar.Outcome = b.seconds(b.run.End), events.Unfinished
		}
		if span.Message != "" {
			bar.Message = events.FirstLine(span.Message)
			bar.Reports = [][2]string{{"message", events.Shorten(span.Message, events.TextLimit)}}
		}
		b.add(bar)
	}
}

// group puts a span whose lane is of a later version among the suite's.
func group(lane string) string {
	switch lane {
	case groupInfrastructure, groupSeed:
		return lane
	default:
		return groupSuite
	}
}

func (b *builder) addCollectErrors() {
	for _, e := range b.run.CollectErrors {
		start := b.run.Session.Start
		if start == 0 {
			start = e.Time
		}
		b.add(Bar{
			Lane: b.lane(groupTests, "collection"), Name: e.NodeID, NodeID: e.NodeID,
			Start: b.seconds(start), End: b.seconds(e.Time), Outcome: events.Error,
			Message: e.Message, Reports: [][2]string{{"collection error", e.LongRepr()}},
		})
	}
}

func (b *builder) addSpecs() {
	specs := slices.Clone(b.run.Specs)
	slices.SortStableFunc(specs, func(x, y *events.Spec) int { return cmp.Compare(x.Process, y.Process) })
	for _, spec := range specs {
		if spec.State == events.Passed && b.outline.Covers(b.run.Test(spec.NodeID)) {
			continue
		}
		bar := Bar{
			Lane: b.lane(groupSpecs, fmt.Sprintf("process %d", spec.Process)),
			Name: spec.Text, NodeID: spec.NodeID, State: spec.State,
			Start: b.seconds(spec.Start), End: b.seconds(spec.Finish), Outcome: specOutcome(spec.State),
			Place: b.place(spec.Place), Message: events.FirstLine(spec.Message),
		}
		if spec.Finish == 0 {
			bar.End, bar.Outcome = b.seconds(b.run.End), events.Unfinished
		}
		b.add(bar)
	}
}

// specOutcome says a Ginkgo state in the words of tests: panicked, interrupted,
// aborted and timedout are failures.
func specOutcome(state string) string {
	switch state {
	case "passed":
		return events.Passed
	case "skipped", "pending":
		return events.Skipped
	default:
		return events.Failed
	}
}

// order sorts lanes by group, workers by number and bars by start, and gives
// overlapping bars of a lane rows of their own.
func (b *builder) order() {
	before := b.doc.Lanes
	places := make([]int, len(before))
	for i := range places {
		places[i] = i
	}
	slices.SortStableFunc(places, func(x, y int) int { return compareLanes(before[x], before[y]) })
	lanes := make([]Lane, len(before))
	moved := make([]int, len(before))
	for to, from := range places {
		lanes[to], moved[from] = before[from], to
	}
	b.doc.Lanes = lanes
	for i := range b.doc.Bars {
		b.doc.Bars[i].Lane = moved[b.doc.Bars[i].Lane]
	}
	slices.SortStableFunc(b.doc.Bars, func(x, y Bar) int {
		return cmp.Or(cmp.Compare(x.Start, y.Start), cmp.Compare(x.Lane, y.Lane), cmp.Compare(y.End, x.End))
	})
	b.pack()
}

// touching is how far two bars of a row may overlap: clocks and roundings let
// a test seem to begin before the one before it has ended.
const touching = 100e-6

func (b *builder) pack() {
	ends := make([][]float64, len(b.doc.Lanes))
	for i := range b.doc.Bars {
		bar := &b.doc.Bars[i]
		rows := ends[bar.Lane]
		row := slices.IndexFunc(rows, func(end float64) bool {
			return end <= bar.Start+touching && end <= bar.End
		})
		if row < 0 {
			row = len(rows)
			rows = append(rows, 0)
		}
		rows[row] = bar.End
		bar.ID, bar.Row = i, row
		ends[bar.Lane] = rows
		b.doc.Lanes[bar.Lane].Rows = max(1, len(rows))
	}
}

func compareLanes(x, y Lane) int {
	groups := []string{groupInfrastructure, groupSeed, groupSuite, groupTests, groupSpecs}
	order := cmp.Compare(slices.Index(groups, x.Group), slices.Index(groups, y.Group))
	if order != 0 || x.Group != groupTests {
		return order
	}
	return cmp.Or(cmp.Compare(number(x.Name), number(y.Name)), strings.Compare(x.Name, y.Name))
}

// number is the N of a worker gwN; other lanes of tests come first.
func number(worker string) int {
	n := -1
	if _, err := fmt.Sscanf(worker, "gw%d", &n); err != nil {
		return -1
	}
	return n
}

// place is relative to the folder in which pytest ran, where it can be.
func (b *builder) place(place events.Place) string {
	path := place.Path
	if root := b.run.Session.RootDir; root != "" {
		path = strings.TrimPrefix(path, strings.TrimSuffix(root, "/")+"/")
	}
	if path == "" || place.Line == 0 {
		return path
	}
	return events.Place{Path: path, Line: place.Line}.String()
}

package report

import (
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/onsi/ginkgo/v2/types"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
)

// Details is the value of the report entry "pytest": what Ginkgo's states do
// not tell apart.
type Details struct {
	NodeID   string `json:"nodeid"`
	Outcome  string `json:"outcome"`
	Worker   string `json:"worker,omitempty"`
	Attempts int    `json:"attempts,omitempty"`
	Reason   string `json:"reason,omitempty"`
}

// String is for Ginkgo's timelines.
func (d Details) String() string {
	text := d.NodeID + " " + d.Outcome
	if d.Worker != "" {
		text += " on " + d.Worker
	}
	return text
}

// pyTest is one Python test on its way into a report; spec is nil when no
// Ginkgo suite mirrored it.
type pyTest struct {
	*events.Test
	run    *events.Run
	spec   *events.Spec
	ending events.Ending
}

func newTest(run *events.Run, test *events.Test) *pyTest {
	return &pyTest{Test: test, run: run, spec: run.Spec(test.NodeID), ending: run.Ending(test)}
}

func (t *pyTest) report(extent extent, brief events.Outline) types.SpecReport {
	start, stop := t.times()
	containers, name := t.texts()
	report := types.SpecReport{
		ContainerHierarchyTexts:     containers,
		ContainerHierarchyLocations: make([]types.CodeLocation, len(containers)),
		ContainerHierarchyLabels:    make([][]string, len(containers)),
		LeafNodeType:                types.NodeTypeIt,
		LeafNodeText:                name,
		LeafNodeLocation:            t.location(),
		State:                       t.state(),
		StartTime:                   start,
		EndTime:                     stop,
		RunTime:                     t.runTime(stop.Sub(start)),
		ParallelProcess:             process(t.Worker),
		RunningInParallel:           len(t.run.Workers) > 1,
		NumAttempts:                 t.Ran(),
	}
	if t.spec != nil {
		report.LeafNodeLabels = t.spec.Labels
	}
	if report.State.Is(types.SpecStateFailureStates | types.SpecStateSkipped) {
		report.Failure = t.failure(report, stop)
	}
	report.ReportEntries = types.ReportEntries{t.entry(report.LeafNodeLocation, stop)}
	switch {
	case extent == outline:
	case brief.Covers(t.Test):
		report.CapturedStdOutErr = output(t.Sections(), brief.TextLimit)
	default:
		t.complete(&report)
	}
	return report
}

// complete adds what thousands of tests have too much of to be kept.
func (t *pyTest) complete(report *types.SpecReport) {
	report.CapturedStdOutErr = output(t.Sections(), events.TextLimit)
	report.SpecEvents = t.steps()
	if report.State.Is(types.SpecStateFailureStates) {
		reason := t.reason()
		report.Failure.ForwardedPanic = events.ExceptionOf(reason)
		report.Failure.Location.FullStackTrace = reason
	}
	report.AdditionalFailures = t.subtestFailures(report.LeafNodeLocation)
}

func (t *pyTest) times() (start, stop time.Time) {
	from, to := t.Start(), t.ending.Time
	if from == 0 {
		from, to = t.run.End, t.run.End
	}
	return events.Time(from), events.Time(max(from, to))
}

// runTime is pytest's own, or how long a test ran that was cut off.
func (t *pyTest) runTime(seen time.Duration) time.Duration {
	if t.Finished == 0 {
		return seen
	}
	return time.Duration(t.Seconds() * float64(time.Second))
}

// texts are those of the spec if there is one; else folders, file and classes
// contain.
func (t *pyTest) texts() (containers []string, name string) {
	parts := split(t.NodeID)
	last := len(parts) - 1
	containers, name = parts[:last], parts[last]
	if t.spec == nil || t.spec.Text == strings.Join(parts, " ") {
		return containers, name
	}
	if outer, found := strings.CutSuffix(t.spec.Text, " "+name); found {
		return []string{outer}, name
	}
	return nil, t.spec.Text
}

// split cuts a node id into folders, file, classes and function; a parameter
// may contain the separators.
func split(nodeID string) []string {
	path, inner, found := strings.Cut(nodeID, "::")
	parts := strings.Split(path, "/")
	if !found {
		return parts
	}
	head, parameters, bracket := strings.Cut(inner, "[")
	parts = append(parts, strings.Split(head, "::")...)
	if bracket {
		parts[len(parts)-1] += "[" + parameters
	}
	return parts
}

func (t *pyTest) location() types.CodeLocation {
	switch {
	case t.Definition.Path != "":
		return location(t.run, t.Definition)
	case t.spec != nil && t.spec.Place.Path != "":
		return location(t.run, t.spec.Place)
	}
	path, _, _ := strings.Cut(t.NodeID, "::")
	return types.CodeLocation{FileName: absolute(t.run, path), LineNumber: 1}
}

func location(run *events.Run, place events.Place) types.CodeLocation {
	return types.CodeLocation{FileName: absolute(run, place.Path), LineNumber: place.Line}
}

func absolute(run *events.Run, path string) string {
	if filepath.IsAbs(path) || run.Session.RootDir == "" {
		return path
	}
	return filepath.Join(run.Session.RootDir, path)
}

// process is Ginkgo's number, which counts from 1, for xdist's gw0.
func process(worker string) int {
	number, err := strconv.Atoi(strings.TrimPrefix(worker, "gw"))
	if err != nil {
		return 1
	}
	return number + 1
}

func output(sections [][2]string, limit int) string {
	var text strings.Builder
	for _, section := range sections {
		text.WriteString(section[0] + "\n" + strings.TrimRight(events.Shorten(section[1], limit), "\n") + "\n")
	}
	return text.String()
}

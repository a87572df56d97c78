package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"time"

	"github.com/onsi/ginkgo/v2/reporters"
	"github.com/onsi/ginkgo/v2/types"
)

// goTestFormat is what `go test -json` prints.
type goTestFormat struct {
	stream
	pkg  string
	tail []byte
}

func (f *goTestFormat) begin(path string, overview Overview) error {
	// Ginkgo asks the Go tool for the package.
	fresh := path + ".part"
	err := reporters.GenerateGoTestJSONReport(overview.Report, fresh)
	text, readErr := os.ReadFile(fresh)
	if err := errors.Join(err, readErr, os.Remove(fresh)); err != nil {
		return err
	}
	head, tail, _ := bytes.Cut(text, []byte("\n"))
	var start struct{ Package string }
	if err := json.Unmarshal(head, &start); err != nil {
		return err
	}
	f.pkg, f.tail = start.Package, tail
	if err := f.open(path); err != nil {
		return err
	}
	_, err = f.Write(append(head, '\n'))
	return err
}

// goTestEvent is one line of test2json.
type goTestEvent struct {
	Time    time.Time
	Action  string
	Package string
	Test    string
	Elapsed *float64 `json:",omitempty"`
	Output  string   `json:",omitempty"`
}

func (f *goTestFormat) add(specs types.SpecReports) error {
	encoder := json.NewEncoder(f)
	for _, spec := range forMachines(specs) {
		for _, event := range f.events(spec) {
			if err := encoder.Encode(event); err != nil {
				return err
			}
		}
	}
	return nil
}

func (f *goTestFormat) events(spec types.SpecReport) []goTestEvent {
	line := goTestEvent{Time: spec.EndTime, Package: f.pkg, Test: goTestName(spec)}
	begin, end, seconds := line, line, spec.RunTime.Seconds()
	begin.Time, begin.Action = spec.StartTime, "run"
	end.Action, end.Elapsed = goTestAction(spec.State), &seconds
	var found []goTestEvent
	isTest := spec.LeafNodeType == types.NodeTypeIt
	if isTest {
		found = append(found, begin)
	}
	timeline := ""
	if !inOutline(spec) {
		timeline = reporters.RenderTimeline(spec, true)
	}
	for _, text := range []string{timeline, spec.CapturedStdOutErr} {
		if text != "" {
			said := line
			said.Action, said.Output = "output", text
			found = append(found, said)
		}
	}
	if isTest {
		found = append(found, end)
	}
	return found
}

func goTestAction(state types.SpecState) string {
	switch state {
	case types.SpecStatePassed:
		return "pass"
	case types.SpecStateSkipped, types.SpecStatePending:
		return "skip"
	default:
		return "fail"
	}
}

func goTestName(spec types.SpecReport) string {
	name := strings.TrimSpace("[" + spec.LeafNodeType.String() + "] " + spec.FullText())
	if labels := spec.Labels(); len(labels) > 0 {
		name += " [" + strings.Join(labels, ", ") + "]"
	}
	return name
}

func (f *goTestFormat) end() error { return f.close(f.tail) }

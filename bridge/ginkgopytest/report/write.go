package report

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/timeline"
)

// Files of a report folder.
const (
	EventsFile   = "events.jsonl"
	JSONFile     = "report.json"
	JUnitFile    = "ginkgo-junit.xml"
	TeamCityFile = "teamcity.txt"
	GoTestFile   = "gotest.json"
	SummaryFile  = "summary.md"
	TimelineFile = "timeline.html"
	TraceFile    = "trace.json"
)

// Files are those that Write makes.
var Files = []string{JSONFile, JUnitFile, TeamCityFile, GoTestFile, SummaryFile, TimelineFile, TraceFile}

// Read makes the model of the run whose events.jsonl is in the folder.
func Read(dir string) (*events.Run, error) { return events.Read(filepath.Join(dir, EventsFile)) }

// Write makes every report of a run in the folder. Each file appears whole or
// not at all, and one that fails does not keep the others back.
func Write(run *events.Run, dir string) (Overview, error) {
	overview := Look(run)
	problems := []error{writeSpecs(run, overview, dir)}
	drawn, past := timeline.Build(run), pastOf(run, dir)
	drawn.History = drawnPast(past)
	whole := []struct {
		name  string
		write func(path string) error
	}{
		{TimelineFile, drawn.Write},
		{TraceFile, drawn.WriteTrace},
		{SummaryFile, func(path string) error {
			before := pastTable(past)
			return os.WriteFile(path, []byte(Markdown(run, overview, MarkdownLimit-len(before))+before), 0o644)
		}},
	}
	for _, file := range whole {
		path := filepath.Join(dir, file.name)
		fresh := beside(path)
		if err := place(file.write(fresh), fresh, path); err != nil {
			problems = append(problems, fmt.Errorf("write %s: %w", file.name, err))
		}
	}
	return overview, errors.Join(problems...)
}

// beside is where a file is made that is to appear whole.
func beside(path string) string {
	return filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+".new")
}

// place moves a file that was made without a problem to where it belongs.
func place(problem error, fresh, path string) error {
	if problem != nil {
		return errors.Join(problem, os.Remove(fresh))
	}
	return os.Rename(fresh, path)
}

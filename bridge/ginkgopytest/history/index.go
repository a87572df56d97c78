package history

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
)

const (
	// File is the name of the index in the folder of a suite's runs.
	File = "index.json"
	// Depth is how many outcomes of a test are kept.
	Depth = 30

	schemaVersion = 1
)

// Index has the runs that its tests refer to, oldest first, and tests by node id.
type Index struct {
	SchemaVersion int              `json:"schema_version"`
	Runs          []Run            `json:"runs"`
	Tests         map[string]*Test `json:"tests"`
}

// Run is one run; Began is in epoch seconds. Outcome is empty when it was cut
// off, Tree when its source is not known.
type Run struct {
	Number  int     `json:"number"`
	ID      string  `json:"id"`
	Began   float64 `json:"began"`
	Seconds float64 `json:"seconds"`
	Outcome string  `json:"outcome,omitempty"`
	Tree    string  `json:"tree,omitempty"`
}

// Test has one entry in each field for each run that had it, oldest first.
type Test struct {
	Runs     []int     `json:"runs"`
	Outcomes string    `json:"outcomes"`
	Seconds  []float64 `json:"seconds"`
}

// New is the index of no run.
func New() *Index {
	return &Index{SchemaVersion: schemaVersion, Runs: []Run{}, Tests: map[string]*Test{}}
}

// Read reads the index in a folder of runs. A missing one is os.ErrNotExist, one
// that cannot be used an error that says why.
func Read(home string) (*Index, error) {
	path := filepath.Join(home, File)
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	index := New()
	if err := json.Unmarshal(text, index); err != nil {
		return nil, fmt.Errorf("%s is not valid JSON: %w", path, err)
	}
	return index, index.check(path)
}

func (i *Index) check(path string) error {
	if i.SchemaVersion != schemaVersion {
		return fmt.Errorf("%s: schema_version is %d, this reads %d", path, i.SchemaVersion, schemaVersion)
	}
	if i.Tests == nil {
		return fmt.Errorf("%s: tests is null", path)
	}
	for nodeID, test := range i.Tests {
		if test == nil || len(test.Runs) != len(test.Outcomes) || len(test.Runs) != len(test.Seconds) {
			return fmt.Errorf("%s: tests[%q] has not one outcome and one time for each run", path, nodeID)
		}
	}
	return nil
}

// Write writes the index in one step, so that a reader sees all of it or none.
func (i *Index) Write(home string) error {
	text, err := json.Marshal(i)
	if err != nil {
		return err
	}
	file, err := os.CreateTemp(home, "."+File+".*")
	if err != nil {
		return err
	}
	defer os.Remove(file.Name())
	_, err = file.Write(append(text, '\n'))
	if err := errors.Join(err, file.Chmod(0o644), file.Close()); err != nil {
		return fmt.Errorf("write %s: %w", filepath.Join(home, File), err)
	}
	return os.Rename(file.Name(), filepath.Join(home, File))
}

// Add takes a run in, or again: then it replaces what was known of it.
func (i *Index) Add(id string, run *events.Run) {
	i.drop(id)
	number := 1
	if n := len(i.Runs); n > 0 {
		number = i.Runs[n-1].Number + 1
	}
	i.Runs = append(i.Runs, Run{
		Number: number, ID: id, Began: run.Begin, Seconds: run.End - run.Begin, Outcome: run.Outcome, Tree: run.Tree,
	})
	for _, test := range run.Tests {
		known := i.Tests[test.NodeID]
		if known == nil {
			known = &Test{}
			i.Tests[test.NodeID] = known
		}
		known.add(number, letter(run, test), test.Seconds())
	}
	i.forget()
}

func (t *Test) add(number int, outcome byte, seconds float64) {
	t.Runs = append(t.Runs, number)
	t.Outcomes += string(outcome)
	t.Seconds = append(t.Seconds, float64(int64(seconds*1e3+0.5))/1e3)
	if over := len(t.Runs) - Depth; over > 0 {
		t.Runs, t.Outcomes, t.Seconds = t.Runs[over:], t.Outcomes[over:], t.Seconds[over:]
	}
}

// drop removes a run that is added again.
func (i *Index) drop(id string) {
	at := slices.IndexFunc(i.Runs, func(run Run) bool { return run.ID == id })
	if at < 0 {
		return
	}
	number := i.Runs[at].Number
	i.Runs = slices.Delete(i.Runs, at, at+1)
	for nodeID, test := range i.Tests {
		if at := slices.Index(test.Runs, number); at >= 0 {
			test.Runs = slices.Delete(test.Runs, at, at+1)
			test.Outcomes = test.Outcomes[:at] + test.Outcomes[at+1:]
			test.Seconds = slices.Delete(test.Seconds, at, at+1)
		}
		if len(test.Runs) == 0 {
			delete(i.Tests, nodeID)
		}
	}
}

// forget drops runs that no test refers to, and tests that have not run in the
// last runs: they were renamed or removed.
func (i *Index) forget() {
	if len(i.Runs) > Depth*longMemory {
		i.Runs = slices.Clone(i.Runs[len(i.Runs)-Depth*longMemory:])
	}
	oldest := i.Runs[0].Number
	for nodeID, test := range i.Tests {
		if test.Runs[len(test.Runs)-1] < oldest {
			delete(i.Tests, nodeID)
			continue
		}
		if gone, _ := slices.BinarySearch(test.Runs, oldest); gone > 0 {
			test.Runs, test.Outcomes, test.Seconds = test.Runs[gone:], test.Outcomes[gone:], test.Seconds[gone:]
		}
	}
}

// longMemory lets a test that only some runs have, because of filters, keep its
// outcomes over this many times Depth runs.
const longMemory = 10

// letters are pytest's.
var letters = map[string]byte{
	events.Passed: '.', events.Failed: 'F', events.Error: 'E', events.Skipped: 's', events.XFailed: 'x', events.XPassed: 'X',
}

const (
	repeated = 'R'
	cutOff   = '?'
	bad      = "FE"
	good     = ".xX"
)

func letter(run *events.Run, test *events.Test) byte {
	outcome := run.Ending(test).Outcome
	if outcome == events.Passed && test.Ran() > 1 {
		return repeated
	}
	if found, known := letters[outcome]; known {
		return found
	}
	return cutOff
}

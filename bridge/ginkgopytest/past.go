package ginkgopytest

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/history"
	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/internal/source"
	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/report"
	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/store"
)

// runStart is the first event: what is run, of which source, on which clock.
func (l *lifecycle) runStart(suiteDir string) events.Event {
	host, _ := os.Hostname()
	boot, monotonic := source.Clock()
	if boot != "" {
		// The pair is of one moment: that at which the run began.
		monotonic -= time.Since(l.begin).Seconds()
	}
	return events.Event{
		Event: events.RunStart, Time: events.Seconds(l.begin), SchemaVersion: events.SchemaVersion,
		RunID: l.journal.RunID, Suite: l.description, Path: suiteDir,
		Tree: l.tree(), Host: host, Boot: boot, Monotonic: monotonic,
	}
}

// store is the home of this run and its past; false when the run has none.
func (l *lifecycle) store() (store.Store, bool) {
	return store.Store{Home: filepath.Dir(l.journal.Dir)}, l.reports.RunID != ""
}

// record adds the run to the index, from which its reports tell the past.
func (l *lifecycle) record(run *events.Run) (*history.Index, error) {
	home, has := l.store()
	if !has {
		return history.New(), nil
	}
	index, remade, err := home.Record(l.journal.RunID, run)
	if remade != nil && !errors.Is(remade, os.ErrNotExist) {
		fmt.Printf("the index was made again from the event logs: %v\n", remade)
	}
	return index, err
}

// flaky fails the run for tests that changed their outcome although the source
// did not change.
func (l *lifecycle) flaky() []string {
	if !l.reports.FailOnFlaky {
		return nil
	}
	run, err := report.Read(l.journal.Dir)
	if err != nil {
		return []string{err.Error()}
	}
	index, err := l.record(run)
	if err != nil {
		return []string{"history: " + err.Error()}
	}
	flaky := index.FlakyIn(l.journal.RunID)
	if len(flaky) == 0 {
		return nil
	}
	var text strings.Builder
	fmt.Fprintf(&text, "%d flaky: the outcome changed without a change of the source", len(flaky))
	for _, past := range flaky {
		fmt.Fprintf(&text, "\n%s  %s", past.Outcomes, past.NodeID)
	}
	return []string{text.String()}
}

// prune keeps the store within its limits.
func (l *lifecycle) prune() {
	home, has := l.store()
	if !has || l.reports.Keep == (store.Limits{}) {
		return
	}
	if _, err := home.Prune(l.reports.Keep); err != nil {
		fmt.Printf("old runs were not removed: %v\n", err)
	}
}

package store_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/history"
	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/store"
)

// home has finished runs r1 to rN of one test, the newest last.
func home(t *testing.T, outcomes ...string) store.Store {
	t.Helper()
	dir := t.TempDir()
	for i, outcome := range outcomes {
		add(t, dir, fmt.Sprintf("r%d", i+1), time.Now().Add(time.Duration(i-len(outcomes))*time.Minute),
			`{"event":"run_start","time":10,"schema_version":1,"tree":"a"}`,
			`{"event":"session_start","time":11,"schema_version":1}`,
			`{"event":"test_finish","time":12,"nodeid":"t","outcome":"`+outcome+`"}`,
			`{"event":"session_finish","time":13,"exitstatus":0}`,
			`{"event":"run_finish","time":14,"outcome":"passed"}`)
	}
	return store.Store{Home: dir}
}

func add(t *testing.T, dir, id string, at time.Time, lines ...string) {
	t.Helper()
	g := NewWithT(t)
	path := filepath.Join(dir, id, "events.jsonl")
	g.Expect(os.MkdirAll(filepath.Dir(path), 0o755)).To(Succeed())
	g.Expect(os.WriteFile(path, []byte(strings.Join(lines, "\n")+"\n"), 0o644)).To(Succeed())
	g.Expect(os.Chtimes(path, at, at)).To(Succeed())
}

func outcomes(index *history.Index) string {
	past, _ := index.Past("t")
	return past.Outcomes
}

func TestAStoreIsFoundFromARunOfIt(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	runs := home(t, "passed")
	g.Expect(os.Symlink("r1", runs.Dir(store.LatestLink))).To(Succeed())
	for _, dir := range []string{runs.Home, runs.Dir("r1"), runs.Dir(store.LatestLink)} {
		g.Expect(store.Of(dir)).To(Equal(runs))
	}
	_, err := store.Of(t.TempDir())
	g.Expect(err).To(MatchError(ContainSubstring("has no run: name the folder of a suite's runs")))
	_, err = store.Of(filepath.Join(t.TempDir(), "absent"))
	g.Expect(err).To(MatchError(ContainSubstring("absent")))
}

func TestALostOrBrokenIndexIsMadeAgainFromTheLogs(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	runs := home(t, "passed", "failed", "passed")
	add(t, runs.Home, "garbage", time.Now().Add(-time.Hour), "no event", `{"event":`)
	index, remade, err := runs.Index()
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(remade).To(MatchError(os.ErrNotExist))
	g.Expect(outcomes(index)).To(Equal(".F."))
	g.Expect(index.Runs).To(HaveLen(3))

	_, remade, err = runs.Index()
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(remade).NotTo(HaveOccurred(), "it was written")

	g.Expect(os.WriteFile(filepath.Join(runs.Home, history.File), []byte("{"), 0o644)).To(Succeed())
	index, remade, err = runs.Index()
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(remade).To(MatchError(ContainSubstring("is not valid JSON")))
	g.Expect(outcomes(index)).To(Equal(".F."))
}

func TestRunsThatEndAtTheSameTimeAreAllRecorded(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	runs := home(t, "passed")
	ended := make(chan error)
	const together = 8
	for i := range together {
		go func() {
			run, err := events.Read(filepath.Join(runs.Dir("r1"), "events.jsonl"))
			if err == nil {
				_, _, err = runs.Record(fmt.Sprintf("also-%d", i), run)
			}
			ended <- err
		}()
	}
	for range together {
		g.Expect(<-ended).To(Succeed())
	}
	index, err := history.Read(runs.Home)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(outcomes(index)).To(Equal(strings.Repeat(".", together+1)))
}

func TestTheOldestRunsGoAndTheirHistoryStays(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	runs := home(t, "failed", "passed", "passed", "passed")
	_, _, err := runs.Index()
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(runs.Prune(store.Limits{Runs: 2})).To(Equal([]string{"r1", "r2"}))
	g.Expect(runs.IDs()).To(Equal([]string{"r3", "r4"}))
	index, _, err := runs.Index()
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(outcomes(index)).To(Equal("F..."))
}

func TestBytesAreALimitTooAndTheNewestRunStays(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	runs := home(t, "passed", "passed", "passed")
	g.Expect(os.WriteFile(filepath.Join(runs.Dir("r2"), "large"), make([]byte, 1<<16), 0o644)).To(Succeed())
	g.Expect(runs.Prune(store.Limits{Bytes: 1 << 20})).To(BeEmpty())
	g.Expect(runs.Prune(store.Limits{Bytes: 1 << 12})).To(Equal([]string{"r1", "r2"}))
	g.Expect(runs.Prune(store.Limits{Bytes: 1})).To(BeEmpty())
	g.Expect(runs.IDs()).To(Equal([]string{"r3"}))
}

func TestARunThatMayStillRunStays(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	runs := home(t, "passed", "passed")
	start := `{"event":"run_start","time":10,"schema_version":1}`
	add(t, runs.Home, "dead", time.Now().Add(-3*time.Hour), start)
	add(t, runs.Home, "alive", time.Now().Add(-30*time.Minute), start)
	g.Expect(runs.Prune(store.Limits{Runs: 1})).To(Equal([]string{"dead", "r1"}))
	g.Expect(runs.IDs()).To(Equal([]string{"alive", "r2"}))
}

package merge_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/internal/logtest"
	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/merge"
	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/report"
)

// shard describes the log of one.
type shard struct {
	part string
	// all is the one list, run what this shard reported.
	all, run []string
	// more are fields of the selection.
	more string
	// boot, wall and monotonic are the clock at the begin.
	boot            string
	wall, monotonic float64
	outcome         string
	open            bool
}

func (s shard) lines() []string {
	quoted := func(texts []string) string { return `["` + strings.Join(texts, `","`) + `"]` }
	at := func(offset float64) string { return fmt.Sprintf("%g", s.wall+offset) }
	lines := []string{
		`{"event":"run_start","time":` + at(0) + `,"schema_version":1,"run_id":"r","suite":"end to end","tree":"a","host":"h` + s.boot + `","boot":"` + s.boot + `","monotonic":` + fmt.Sprint(s.monotonic) + `}`,
		`{"event":"selection","time":` + at(0) + `,"nodeids":` + quoted(s.all) + `,"shard":"` + s.part + `"` + s.more + `}`,
		`{"event":"span_start","time":` + at(0.5) + `,"span":"suite-1","lane":"infrastructure","name":"PostgreSQL"}`,
		`{"event":"span_finish","time":` + at(1) + `,"span":"suite-1","outcome":"passed"}`,
		`{"event":"session_start","time":` + at(1) + `,"schema_version":1,"workers":1,"pid":1,"rootdir":"/p","pytest":"9","python":"3"}`,
		`{"event":"worker_up","time":` + at(1) + `,"worker":"gw0","pid":2}`,
		`{"event":"collected","time":` + at(1) + `,"nodeids":` + quoted(s.run) + `}`,
	}
	for _, nodeID := range s.run {
		lines = append(lines,
			`{"event":"phase","time":`+at(2)+`,"nodeid":"`+nodeID+`","worker":"gw0","when":"teardown","outcome":"`+s.outcome+`","start":`+at(1)+`,"stop":`+at(2)+`,"duration":1,"attempt":1}`,
			`{"event":"test_finish","time":`+at(2)+`,"nodeid":"`+nodeID+`","worker":"gw0","outcome":"`+s.outcome+`","attempts":1}`,
			`{"event":"spec_finish","time":`+at(2)+`,"spec":"`+nodeID+`","nodeid":"`+nodeID+`","process":1,"state":"`+s.outcome+`"}`)
	}
	if s.open {
		return lines
	}
	return append(lines, `{"event":"session_finish","time":`+at(3)+`,"exitstatus":0}`,
		`{"event":"run_finish","time":`+at(3)+`,"outcome":"`+s.outcome+`"}`)
}

func shards(t *testing.T, all ...shard) []merge.Shard {
	t.Helper()
	g := NewWithT(t)
	var dirs []string
	var runs []*events.Run
	for _, s := range all {
		dir := t.TempDir()
		path := filepath.Join(dir, "events.jsonl")
		g.Expect(os.WriteFile(path, []byte(strings.Join(s.lines(), "\n")+"\n"), 0o644)).To(Succeed())
		logtest.Valid(t, path)
		run, err := events.Read(path)
		g.Expect(err).NotTo(HaveOccurred())
		dirs, runs = append(dirs, dir), append(runs, run)
	}
	return merge.Shards(dirs, runs)
}

var (
	list = []string{"a", "b", "c"}
	one  = shard{part: "1/2", all: list, run: []string{"a", "c"}, boot: "x", wall: 100, monotonic: 50, outcome: "passed"}
	two  = shard{part: "2/2", all: list, run: []string{"b"}, boot: "x", wall: 207, monotonic: 52, outcome: "passed"}
)

func TestTheMergedLogIsOneRunOnOneClock(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	merged := shards(t, two, one)
	g.Expect(merge.Check(merged)).To(BeEmpty())
	dir := filepath.Join(t.TempDir(), "merged")
	g.Expect(merge.Log(merged, dir)).To(Succeed())
	path := filepath.Join(dir, "events.jsonl")
	logtest.Valid(t, path)
	run, err := events.Read(path)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(run.Facts()).To(BeEmpty())
	g.Expect(run.Outcome).To(Equal(events.Passed))
	g.Expect(run.Outcomes()).To(Equal(map[string]int{events.Passed: 3}))
	g.Expect(run.Collected).To(ConsistOf("a", "b", "c"))
	g.Expect(run.Session.Workers).To(Equal(2))
	g.Expect(run.Worker("1/2 gw0")).NotTo(BeNil())
	g.Expect(run.Worker("2/2 gw0")).NotTo(BeNil())
	// The second shard began two seconds later by the machine's own clock.
	g.Expect(run.Begin).To(Equal(100.0))
	g.Expect(run.Test("a").Start()).To(BeNumerically("~", 101, 1e-6))
	g.Expect(run.Test("b").Start()).To(BeNumerically("~", 103, 1e-6))
	g.Expect(run.Spec("b").Process).To(Equal(2))
	g.Expect(run.Spans[1].Name).To(Equal("2/2 PostgreSQL"))
	g.Expect(run.Spans[1].Finish - run.Spans[1].Start).To(BeNumerically("~", 0.5, 1e-6))

	_, err = report.Write(run, dir)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(merge.Log(merged, dir)).To(MatchError(ContainSubstring("is there already: name a new folder")))
}

func TestTheClocksOfOtherMachinesAreTakenAsTheyAre(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	elsewhere := two
	elsewhere.boot = "y"
	merged := shards(t, one, elsewhere)
	g.Expect(merged[1].Offset).To(BeZero())
	g.Expect(merged[1].Describe()).To(Equal("2/2: hy, 1 tests, another machine: its clock is taken as it is"))
	g.Expect(shards(t, one, two)[1].Describe()).To(Equal("2/2: hx, 1 tests, clock -105.000 s"))
}

func TestTheWorstShardDecides(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*shard){
		events.Failed: func(s *shard) { s.outcome = "failed" },
		"":            func(s *shard) { s.open = true },
	} {
		g := NewWithT(t)
		other := two
		change(&other)
		dir := filepath.Join(t.TempDir(), "merged")
		g.Expect(merge.Log(shards(t, one, other), dir)).To(Succeed())
		run, err := events.Read(filepath.Join(dir, "events.jsonl"))
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(run.Outcome).To(Equal(name))
		g.Expect(run.WasCutOff()).To(Equal(name == ""))
	}
}

func TestShardsThatAreNotTheWholeAreRefused(t *testing.T) {
	t.Parallel()
	for problem, change := range map[string]func(one, two *shard) []shard{
		"shard 2/2 is missing":                                      func(one, _ *shard) []shard { return []shard{*one} },
		"1 tests reported by no shard: b":                           func(one, two *shard) []shard { two.run = []string{}; return []shard{*one, *two} },
		"1 tests reported by more than one shard: a by 1/2 and 2/2": func(one, two *shard) []shard { two.run = []string{"a", "b"}; return []shard{*one, *two} },
		"1 tests reported though no shard was to run them: z":       func(one, two *shard) []shard { two.run = []string{"b", "z"}; return []shard{*one, *two} },
		"1 tests collected by only one of the shards 1/2 and 2/2: d": func(one, two *shard) []shard {
			two.all = []string{"a", "b", "c", "d"}
			return []shard{*one, *two}
		},
		"shard 1/2 is there twice": func(one, two *shard) []shard { return []shard{*one, *one, *two} },
		"1/2 is no shard of 3":     func(one, two *shard) []shard { two.part = "2/3"; return []shard{*one, *two} },
	} {
		first, second := one, two
		found := merge.Check(shards(t, change(&first, &second)...))
		NewWithT(t).Expect(found).To(ContainElement(HavePrefix(problem)))
	}
}

func TestWhatFiltersAndEarlierRunsTakeOutIsNotExpected(t *testing.T) {
	t.Parallel()
	first, second := one, two
	first.run, first.more = []string{"a"}, `,"deselected":["c"]`
	second.run, second.more = nil, `,"earlier":["b"]`
	second.run = []string{}
	NewWithT(t).Expect(merge.Check(shards(t, first, second))).To(BeEmpty())
}

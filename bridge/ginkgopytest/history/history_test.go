package history_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	. "github.com/onsi/gomega"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/history"
)

// run is one in which each test has an outcome, of a source.
func run(tree string, outcomes map[string]string) *events.Run {
	run := events.NewRun()
	status := 0
	run.Apply(events.Event{Event: events.RunStart, Time: 10, SchemaVersion: 1, Tree: tree})
	run.Apply(events.Event{Event: events.SessionStart, Time: 11})
	for nodeID, outcome := range outcomes {
		attempts := 1
		if outcome == "repeated" {
			outcome, attempts = events.Passed, 2
		}
		run.Apply(events.Event{Event: events.TestPhase, Time: 12, NodeID: nodeID, When: events.Call, Outcome: outcome, Start: 11, Stop: 12, Duration: 1})
		run.Apply(events.Event{Event: events.TestFinish, Time: 12, NodeID: nodeID, Outcome: outcome, Attempts: attempts})
	}
	run.Apply(events.Event{Event: events.SessionFinish, Time: 13, ExitStatus: &status})
	run.Apply(events.Event{Event: events.RunFinish, Time: 14, Outcome: events.Passed})
	return run
}

// indexOf has runs of the one test t, each of a source and with an outcome.
func indexOf(pairs ...[2]string) *history.Index {
	index := history.New()
	for i, pair := range pairs {
		index.Add(fmt.Sprintf("r%d", i), run(pair[0], map[string]string{"t": pair[1]}))
	}
	return index
}

func TestATestIsFlakyWhenItsOutcomeChangesWithoutTheSource(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		runs     [][2]string
		outcomes string
		flips    int
		flaky    bool
	}{
		"same source":     {[][2]string{{"a", "passed"}, {"a", "failed"}, {"a", "passed"}}, ".F.", 2, true},
		"other source":    {[][2]string{{"a", "passed"}, {"b", "failed"}, {"c", "passed"}}, ".F.", 2, false},
		"unknown source":  {[][2]string{{"", "passed"}, {"", "failed"}}, ".F", 1, false},
		"came back to it": {[][2]string{{"a", "passed"}, {"b", "passed"}, {"a", "error"}}, "..E", 1, true},
		"skipped between": {[][2]string{{"a", "passed"}, {"a", "skipped"}, {"a", "passed"}}, ".s.", 0, false},
		"passed again":    {[][2]string{{"", "repeated"}}, "R", 0, true},
		"xfailed":         {[][2]string{{"a", "xfailed"}, {"a", "passed"}}, "x.", 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			past, found := indexOf(c.runs...).Past("t")
			g.Expect(found).To(BeTrue())
			g.Expect(past.Outcomes).To(Equal(c.outcomes))
			g.Expect(past.Flips).To(Equal(c.flips))
			g.Expect(past.Flaky).To(Equal(c.flaky))
			g.Expect(past.Last).To(Equal(1.0))
		})
	}
}

func TestARunAnswersOnlyForFlakinessOnItsOwnSource(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	index := indexOf([2]string{"a", "passed"}, [2]string{"a", "failed"}, [2]string{"b", "passed"})
	g.Expect(index.FlakyIn("r1")).To(HaveLen(1))
	g.Expect(index.FlakyIn("r2")).To(BeEmpty())
	g.Expect(index.FlakyIn("absent")).To(BeEmpty())
}

func TestTheLastThirtyOutcomesAreKept(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	index := history.New()
	index.Add("first", run("a", map[string]string{"t": events.Failed, "renamed": events.Passed}))
	for i := range 10 * history.Depth {
		index.Add(fmt.Sprint(i), run("a", map[string]string{"t": events.Passed}))
	}
	past, _ := index.Past("t")
	g.Expect(past.Outcomes).To(Equal(strings.Repeat(".", history.Depth)))
	_, found := index.Past("renamed")
	g.Expect(found).To(BeFalse(), "a test that is gone is forgotten")
	g.Expect(index.Runs).To(HaveLen(10 * history.Depth))
}

func TestARunThatIsAddedAgainCountsOnce(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	index := history.New()
	index.Add("r", run("a", map[string]string{"t": events.Failed, "gone": events.Passed}))
	index.Add("r", run("a", map[string]string{"t": events.Passed}))
	past, _ := index.Past("t")
	g.Expect(past.Outcomes).To(Equal("."))
	g.Expect(index.Tests).NotTo(HaveKey("gone"))
	g.Expect(index.Runs).To(HaveLen(1))
}

func TestTheIndexIsReadAsItWasWrittenAndFollowsItsSchema(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	home := t.TempDir()
	index := indexOf([2]string{"a", "passed"}, [2]string{"", "unfinished"})
	g.Expect(index.Write(home)).To(Succeed())
	g.Expect(history.Read(home)).To(Equal(index))

	path := filepath.Join("..", "..", "..", "api", "run-index.schema.json")
	if _, err := os.Stat(path); os.IsNotExist(err) {
		t.Skip("outside of its repository the module has no schema of the index")
	}
	schema, err := jsonschema.NewCompiler().Compile(path)
	g.Expect(err).NotTo(HaveOccurred())
	text, err := os.ReadFile(filepath.Join(home, history.File))
	g.Expect(err).NotTo(HaveOccurred())
	var document any
	g.Expect(json.Unmarshal(text, &document)).To(Succeed())
	g.Expect(schema.Validate(document)).To(Succeed())
}

func TestAnIndexThatCannotBeUsedSaysWhy(t *testing.T) {
	t.Parallel()
	for text, reason := range map[string]string{
		`{"schema_version":1,`:                                                        "is not valid JSON",
		`{"schema_version":2,"runs":[],"tests":{}}`:                                   "schema_version is 2, this reads 1",
		`{"schema_version":1,"runs":[],"tests":null}`:                                 "tests is null",
		`{"schema_version":1,"tests":{"t":{"runs":[1],"outcomes":"","seconds":[1]}}}`: `tests["t"] has not one outcome`,
	} {
		g := NewWithT(t)
		home := t.TempDir()
		g.Expect(os.WriteFile(filepath.Join(home, history.File), []byte(text), 0o644)).To(Succeed())
		_, err := history.Read(home)
		g.Expect(err).To(MatchError(And(ContainSubstring(history.File), ContainSubstring(reason))))
	}
	_, err := history.Read(t.TempDir())
	NewWithT(t).Expect(err).To(MatchError(os.ErrNotExist))
}

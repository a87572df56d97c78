package ginkgopytest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/types"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/internal/source"
)

// prepareTimeout bounds Prepare and the start of pytest; Ginkgo's own --timeout
// ends what takes longer than the suite may.
const prepareTimeout = time.Hour

// RunSpecs runs the tests of a pytest project as the specs of a Ginkgo suite. It
// collects, describes, lets Ginkgo's filters select, starts one pytest for what
// they selected before the first spec, and ends it after the last. args are
// those of ginkgo.RunSpecs. Further Go specs may stand beside; a BeforeSuite of
// their own may not, because Ginkgo allows one: use Hooks.
//
// The suite fails, whatever the filters, when something could not be collected,
// when pytest was cut off, when pytest failed although no test did, and when
// Hooks.Check says so. However it ends, there are an event log and reports.
func RunSpecs(t ginkgo.GinkgoTestingT, description string, suite Suite, args ...any) bool {
	b := newBridge(description, suite)
	if problem := b.misunderstood(); problem != "" {
		fmt.Fprintln(os.Stderr, problem)
		t.Fail()
		return false
	}
	b.collect()
	b.tests.Describe(func() *Run { return b.run })
	config, reporter := ginkgo.GinkgoConfiguration()
	asked := config
	config.FocusFiles, config.SkipFiles = b.tests.ofLines(asked.FocusFiles), b.tests.ofLines(asked.SkipFiles)
	args = append([]any{config, reporter}, args...)
	preview := ginkgo.PreviewSpecs(description, args...)
	preview.SuiteConfig.FocusFiles = asked.FocusFiles
	b.selection, b.empty = b.tests.Select(preview), ""
	if b.part.All() {
		b.empty = suite.nothingSelected(preview)
	}
	b.filtered = b.selection.Deselected
	b.selection.Deselected = slices.Concat(b.filtered, b.part.out)
	return b.runSpecs(t, args)
}

// RunGoSpecs is RunSpecs without pytest: the same log, hooks and reports for a
// suite whose specs are all in Go. What Hooks.Prepare returns is not used.
func RunGoSpecs(t ginkgo.GinkgoTestingT, description string, reports Reports, hooks Hooks, args ...any) bool {
	b := newBridge(description, Suite{Reports: reports, Hooks: hooks})
	b.tests = &Collection{}
	return b.runSpecs(t, args)
}

// bridge is the life cycle of a suite and its pytest, in one Ginkgo process.
type bridge struct {
	*lifecycle
	suite     Suite
	tests     *Collection
	collected time.Time
	// part is what the environment leaves of the collection; of that, Ginkgo's
	// filters leave out what is filtered.
	part      part
	filtered  []string
	selection Selection
	// empty says that the filters leave nothing to run.
	empty    string
	run      *Run
	runEnded func(error)
}

func newBridge(description string, suite Suite) *bridge {
	tree := sync.OnceValue(func() string { return source.Fingerprint(".") })
	if config, _ := ginkgo.GinkgoConfiguration(); config.ParallelProcess <= 1 {
		go tree()
	}
	return &bridge{suite: suite, lifecycle: &lifecycle{
		description: description, reports: suite.Reports, hooks: suite.Hooks, begin: time.Now(), tree: tree,
	}}
}

func (b *bridge) runSpecs(t ginkgo.GinkgoTestingT, args []any) bool {
	ginkgo.SynchronizedBeforeSuite(b.start, b.follow, ginkgo.NodeTimeout(prepareTimeout))
	ginkgo.ReportBeforeEach(func(spec types.SpecReport) { b.specStarted(spec, b.tests.NodeID(spec)) })
	ginkgo.ReportAfterEach(func(spec types.SpecReport) { b.specEnded(spec, b.tests.NodeID(spec)) })
	ginkgo.ReportAfterSuite(reportNode, b.verdict)
	passed := ginkgo.RunSpecs(t, b.description, args...)
	b.sayConclusion(os.Stdout)
	return passed
}

// misunderstood says that the flags of ginkgo's command line were lost.
func (b *bridge) misunderstood() string {
	dir, err := os.Getwd()
	problem := ""
	if err == nil {
		problem, err = unrecognised(dir)
	}
	if err != nil {
		return err.Error()
	}
	return problem
}

// collect makes a failing spec of whatever keeps pytest from collecting.
func (b *bridge) collect() {
	tests, err := b.suite.Collect(context.Background())
	if err != nil {
		tests = &Collection{Errors: []CollectError{{NodeID: b.suite.Dir, Longrepr: err.Error()}}}
	} else if nothing := b.suite.nothingFound(tests); nothing != nil {
		tests.Errors = []CollectError{*nothing}
	}
	b.tests, b.collected = tests, time.Now()
	if err := b.narrow(); err != nil {
		b.tests = &Collection{Errors: []CollectError{{NodeID: "its part", Longrepr: err.Error()}}}
	}
}

// start is what process 1 does before the specs: it hands the report folder over.
func (b *bridge) start(ctx ginkgo.SpecContext) []byte {
	if err := b.open(); err != nil {
		ginkgo.Fail(err.Error())
	}
	if !b.collected.IsZero() {
		b.recordCollection()
	}
	b.recordPart()
	if len(b.tests.Errors) == 0 || b.tests.Continues {
		// Deferred, so that it is registered when Prepare panics too, and after
		// what Prepare cleans up, so that it comes before that.
		defer func() { ginkgo.DeferCleanup(b.end) }()
		b.launch(b.prepare(ctx))
	}
	return b.handOver()
}

// recordCollection comes late: there was no log yet.
func (b *bridge) recordCollection() {
	var problem error
	if len(b.tests.Errors) > 0 {
		problem = errors.New(b.tests.Errors[0].message())
	}
	b.journal.end(b.journal.begin(suiteLane, "collect the Python tests", b.begin), b.collected, problem)
}

// launch starts the one pytest of the run.
func (b *bridge) launch(env []string) {
	if len(b.selection.Selected) == 0 {
		return
	}
	b.suite.appendEvents = true
	b.runEnded = b.journal.Begin(suiteLane, PytestStep)
	run, err := b.suite.Start(b.journal.Dir, b.selection, env...)
	if err != nil {
		b.runEnded(err)
		ginkgo.Fail(err.Error())
	}
	b.run = run
}

// end is the first thing to be cleaned up: pytest ends, and the hook checks.
func (b *bridge) end(ctx ginkgo.SpecContext) {
	var tests *Summary
	if b.run != nil {
		b.run.Stop(ctx)
		// Verify tells what cannot be read.
		summary, err := b.run.Done(ctx)
		b.runEnded(err)
		tests = &summary
	}
	b.check(ctx, tests)
}

// follow is what every process does: process 1 has the run already.
func (b *bridge) follow(ctx ginkgo.SpecContext, message []byte) {
	handed, err := b.receive(message)
	if err != nil {
		ginkgo.Fail(err.Error())
	}
	if b.run == nil && len(b.selection.Selected) > 0 {
		b.run = Attach(b.journal.Dir)
	}
	if b.hooks.Receive != nil {
		b.hooks.Receive(ctx, handed)
	}
}

// verdict, on process 1, checks what no spec can and writes the reports.
func (b *bridge) verdict(ginkgoReport types.Report) {
	if ginkgoReport.SuiteConfig.DryRun {
		if b.empty != "" {
			ginkgo.Fail(b.empty)
		}
		return
	}
	if b.journal == nil && !b.part.All() {
		// Nothing was left to run, which others must be able to tell from a run that is missing.
		if err := b.open(); err != nil {
			ginkgo.Fail(err.Error())
		}
		b.recordPart()
	}
	problems := b.hiddenErrors(ginkgoReport)
	if b.empty != "" {
		problems = append(problems, b.empty)
	}
	if b.run != nil {
		ctx, cancel := context.WithTimeout(context.Background(), abortTime)
		defer cancel()
		b.run.killIfRunning()
		if err := b.run.Verify(ctx); err != nil {
			problems = append(problems, err.Error())
		}
		for _, contradiction := range b.run.contradictions(ginkgoReport, b.tests) {
			problems = append(problems, contradiction.Error())
		}
	}
	if problems = b.finish(ginkgoReport, problems); len(problems) > 0 {
		ginkgo.Fail(joinProblems(problems))
	}
}

// hiddenErrors are the collection errors whose specs a filter left out.
func (b *bridge) hiddenErrors(ginkgoReport types.Report) []string {
	if !ginkgoReport.SuiteSucceeded {
		return nil
	}
	var found []string
	for _, failure := range b.tests.Errors {
		found = append(found, failure.message())
	}
	return found
}

func joinProblems(problems []string) string { return strings.Join(problems, "\n\n") }

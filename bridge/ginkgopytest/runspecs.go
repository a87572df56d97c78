package ginkgopytest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/types"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/report"
)

// prepareTimeout bounds Prepare and the start of pytest; Ginkgo's own --timeout
// ends what takes longer than the suite may.
const prepareTimeout = time.Hour

// RunSpecs runs the tests of a pytest project as the specs of a Ginkgo suite. It
// collects, describes, lets Ginkgo's filters select, starts one pytest for what
// they selected before the first spec, and ends it after the last. args are
// those of ginkgo.RunSpecs. Further Go specs may stand beside; a BeforeSuite of
// their own may not, because Ginkgo allows one: use Prepare.
//
// The suite fails, whatever the filters, when something could not be collected,
// when pytest was cut off, and when pytest failed although no test did.
func RunSpecs(t ginkgo.GinkgoTestingT, description string, suite Suite, args ...any) bool {
	b := &bridge{suite: suite, description: description, begin: time.Now()}
	b.collect()
	b.tests.Describe(func() *Run { return b.run })
	config, reporter := ginkgo.GinkgoConfiguration()
	args = append([]any{config, reporter}, args...)
	b.selection = b.tests.Select(ginkgo.PreviewSpecs(description, args...))
	ginkgo.SynchronizedBeforeSuite(b.start, b.attach, ginkgo.NodeTimeout(prepareTimeout))
	ginkgo.ReportBeforeEach(b.specStarted)
	ginkgo.ReportAfterEach(b.specEnded)
	ginkgo.ReportAfterSuite("pytest", b.finish)
	return ginkgo.RunSpecs(t, description, args...)
}

// bridge is one call of RunSpecs in one Ginkgo process.
type bridge struct {
	suite       Suite
	description string
	begin       time.Time
	tests       *Collection
	selection   Selection
	reportDir   string
	run         *Run
	log         *events.Writer
}

// collect makes a failing spec of whatever keeps pytest from collecting.
func (b *bridge) collect() {
	tests, err := b.suite.Collect(context.Background())
	if err != nil {
		tests = &Collection{Errors: []CollectError{{NodeID: b.suite.Dir, Longrepr: err.Error()}}}
	}
	b.tests = tests
}

// start is what process 1 does before the specs: it hands the report folder over.
func (b *bridge) start(ctx ginkgo.SpecContext) []byte {
	if len(b.selection.Selected) == 0 {
		return nil
	}
	if err := b.open(); err != nil {
		ginkgo.Fail(err.Error())
	}
	var env []string
	if b.suite.Prepare != nil {
		env = b.suite.Prepare(ctx)
	}
	b.suite.AppendEvents = true
	run, err := b.suite.Start(b.reportDir, b.selection, env...)
	if err != nil {
		ginkgo.Fail(err.Error())
	}
	b.run = run
	ginkgo.DeferCleanup(func(ctx ginkgo.SpecContext) { run.Stop(ctx) })
	return []byte(b.reportDir)
}

// open begins the event log.
func (b *bridge) open() error {
	dir, err := b.folder()
	if err != nil {
		return err
	}
	path := filepath.Join(dir, eventsFile)
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if b.log, err = events.Open(path); err != nil {
		return err
	}
	b.reportDir = dir
	suiteDir, err := os.Getwd()
	if err != nil {
		return err
	}
	return b.log.Append(events.Event{
		Event: events.RunStart, Time: events.Seconds(b.begin), SchemaVersion: events.SchemaVersion,
		RunID: filepath.Base(dir), Suite: b.description, Path: suiteDir,
	})
}

func (b *bridge) folder() (string, error) {
	if b.suite.ReportDir == "" {
		return os.MkdirTemp("", "ginkgopytest-report-")
	}
	dir, err := filepath.Abs(b.suite.ReportDir)
	if err != nil {
		return "", err
	}
	return dir, os.MkdirAll(dir, 0o755)
}

// attach is what every process does: process 1 has the run already.
func (b *bridge) attach(reportDir []byte) {
	if len(reportDir) == 0 || b.run != nil {
		return
	}
	var err error
	if b.log, err = events.Open(filepath.Join(string(reportDir), eventsFile)); err != nil {
		ginkgo.Fail(err.Error())
	}
	b.run = Attach(string(reportDir))
}

func (b *bridge) specStarted(spec types.SpecReport) {
	b.append(report.SpecStarted(spec, b.tests.NodeID(spec)))
}

func (b *bridge) specEnded(spec types.SpecReport) {
	b.append(report.SpecEnded(spec, b.tests.NodeID(spec), clip(spec.Failure.Message)))
}

// append drops what the disk does not take: pytest ends the run for it.
func (b *bridge) append(event events.Event) {
	if b.log != nil {
		_ = b.log.Append(event)
	}
}

// finish, on process 1, checks what no spec can and writes the reports.
func (b *bridge) finish(ginkgoReport types.Report) {
	if ginkgoReport.SuiteConfig.DryRun {
		return
	}
	problems := b.hiddenErrors(ginkgoReport)
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
		if err := b.writeReports(ginkgoReport, len(problems) == 0); err != nil {
			// They can be made again, and one of them needs the Go tool.
			ginkgo.GinkgoWriter.Println(err)
		}
	}
	if len(problems) > 0 {
		ginkgo.Fail(strings.Join(problems, "\n\n"))
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

func (b *bridge) writeReports(ginkgoReport types.Report, sound bool) error {
	b.append(report.RunEnded(ginkgoReport, sound))
	run, err := report.Read(b.reportDir)
	if err != nil {
		return err
	}
	if _, err := report.Write(run, b.reportDir); err != nil {
		return fmt.Errorf("reports of %s: %w", b.reportDir, err)
	}
	return nil
}

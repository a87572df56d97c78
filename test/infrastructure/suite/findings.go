package suite

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/onsi/ginkgo/v2/types"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest"
	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/report"
	"github.com/jordigilh/kubernaut/test/infrastructure/evidence"
	"github.com/jordigilh/kubernaut/test/infrastructure/mustgather"
	"github.com/jordigilh/kubernaut/test/infrastructure/stack"
)

// findings are what was seen of a run before its stack went down.
type findings struct {
	// ready says that the environment came up.
	ready    bool
	counts   evidence.Counts
	memory   map[string]int64
	tests    *ginkgopytest.Summary
	failures []mustgather.Test
	gathered string
}

// gather collects what explains a failure while the stack still runs. It never
// decides how the run ends: what it cannot do, it says.
func (e *Environment) gather(ctx context.Context, journal *ginkgopytest.Journal, violations []string) {
	run, err := report.Read(journal.Dir)
	if err == nil {
		e.found.failures = failedTests(report.Build(run))
	}
	if err == nil && e.found.ready && len(e.found.failures)+len(violations) == 0 && e.found.succeeded() {
		return
	}
	e.found.gathered = filepath.Join(journal.Dir, "must-gather")
	err = errors.Join(err, journal.Step(suiteLane, "must-gather", func() error {
		return mustgather.Gather(ctx, e.found.gathered, e.snapshot(journal), e.found.failures)
	}))
	// Of a stack that never came up there is no more than logs, as problems.txt tells.
	if err != nil && e.stack != nil {
		fmt.Printf("must-gather is not complete:\n%v\n", err)
	}
}

// succeeded is about pytest itself; a suite may do without.
func (f findings) succeeded() bool { return f.tests == nil || f.tests.ExitCode == 0 }

// snapshot is that of the stack; of one that never came up only logs are left.
func (e *Environment) snapshot(journal *ginkgopytest.Journal) stack.Snapshot {
	if e.stack != nil {
		return e.stack.Snapshot()
	}
	left := stack.Snapshot{RunID: journal.RunID, Python: e.settings.Path(".venv/bin/python"), RepoRoot: e.settings.Root,
		Logs: map[string]string{}}
	logs, _ := filepath.Glob(filepath.Join(journal.Dir, "logs", "*.log"))
	for _, path := range logs {
		left.Logs[strings.TrimSuffix(filepath.Base(path), ".log")] = path
	}
	return left
}

func failedTests(made types.Report) []mustgather.Test {
	var failed []mustgather.Test
	for _, spec := range made.SpecReports.WithLeafNodeType(types.NodeTypeIt).WithState(types.SpecStateFailureStates) {
		test := mustgather.Test{
			NodeID: spec.FullText(), Line: spec.Failure.Location.LineNumber,
			Path:    report.Relative(spec.Failure.Location.FileName),
			Message: spec.Failure.Message, Traceback: spec.Failure.Location.FullStackTrace, Output: spec.CapturedStdOutErr,
		}
		if details, found := report.DetailsOf(spec); found {
			test.NodeID = details.NodeID
		}
		failed = append(failed, test)
	}
	return failed
}

// pointOut says where what was gathered is.
func (f findings) pointOut(output io.Writer) {
	if f.gathered != "" {
		fmt.Fprintf(output, "must-gather: %s\n", report.Relative(f.gathered))
	}
}

// missing names the reports that could not be written.
func missing(dir string) error {
	var problems []error
	for _, name := range report.Files {
		_, err := os.Stat(filepath.Join(dir, name))
		problems = append(problems, err)
	}
	return errors.Join(problems...)
}

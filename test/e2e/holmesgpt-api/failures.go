package holmesgptapi

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/onsi/ginkgo/v2/types"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/report"
	"github.com/jordigilh/kubernaut/test/infrastructure/mustgather"
	"github.com/jordigilh/kubernaut/test/infrastructure/stack"
)

// gather collects what explains a failure while the stack still runs. It never
// decides how the run ends: what it cannot do, it says.
func (s *e2eSession) gather(ctx context.Context) {
	run, err := report.Read(s.reportDir)
	if err == nil {
		s.failures = failedTests(report.Build(run))
	}
	if err == nil && len(s.failures) == 0 && s.pytest != nil && len(s.violations()) == 0 {
		return
	}
	ended := s.journal.lane(suiteLane)("must-gather")
	s.gathered = filepath.Join(s.reportDir, "must-gather")
	err = errors.Join(err, mustgather.Gather(ctx, s.gathered, s.snapshot(), s.failures))
	ended(err)
	// Of a stack that never came up there is no more than logs, as problems.txt tells.
	if err != nil && s.stack != nil {
		fmt.Fprintf(s.progress, "must-gather is not complete:\n%v\n", err)
	}
}

// snapshot is that of the stack; of one that never came up only logs are left.
func (s *e2eSession) snapshot() stack.Snapshot {
	if s.stack != nil {
		return s.stack.Snapshot()
	}
	left := stack.Snapshot{RunID: s.run.ID, Python: servicesPython(), RepoRoot: repository(), Logs: map[string]string{}}
	logs, _ := filepath.Glob(filepath.Join(s.reportDir, "logs", "*.log"))
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

// pointOut ends the output of a failed run with where to look.
func (s *e2eSession) pointOut() {
	if s.gathered != "" {
		fmt.Fprintf(s.progress, "must-gather: %s\n", report.Relative(s.gathered))
	}
	if len(s.failures) > 0 {
		fmt.Fprintf(s.progress, "first failure: %s\n", s.failures[0].Place())
	}
}

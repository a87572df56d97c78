package holmesgptapi

import (
	"errors"
	"os"

	"github.com/onsi/ginkgo/v2/types"

	"github.com/jordigilh/kubernaut/pkg/ginkgopytest/events"
	"github.com/jordigilh/kubernaut/pkg/ginkgopytest/report"
)

// writeReports ends the event log and makes every report from it, as can be
// done again after a run that was killed.
func (s *e2eSession) writeReports(ginkgo types.Report, violations []string) error {
	if len(violations) > 0 {
		s.journal.violated(joinLines(violations))
	}
	s.journal.finish(ginkgo, outcome(ginkgo, violations))
	run, err := report.Read(s.reportDir)
	if err != nil {
		return errors.Join(s.journal.problem, err)
	}
	made, err := report.Write(run, s.reportDir)
	return errors.Join(s.journal.problem, err, report.Publish(run, made, os.Getenv, os.Stdout))
}

func outcome(ginkgo types.Report, violations []string) string {
	switch {
	case ginkgo.SpecReports.CountWithState(types.SpecStateInterrupted|types.SpecStateAborted) > 0:
		return "interrupted"
	case ginkgo.SuiteSucceeded && len(violations) == 0:
		return events.Passed
	}
	return events.Failed
}

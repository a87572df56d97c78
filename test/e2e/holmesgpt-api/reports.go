package holmesgptapi

import (
	"errors"
	"os"

	"github.com/onsi/ginkgo/v2/types"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/report"
)

// writeReports ends the event log and makes every report from it, as can be
// done again after a run that was killed.
func (s *e2eSession) writeReports(ginkgo types.Report, violations []string) error {
	if len(violations) > 0 {
		s.journal.violated(joinLines(violations))
	}
	s.journal.finish(ginkgo, len(violations) == 0)
	run, err := report.Read(s.reportDir)
	if err != nil {
		return errors.Join(s.journal.problem, err)
	}
	made, err := report.Write(run, s.reportDir)
	return errors.Join(s.journal.problem, err, report.Publish(run, made, os.Getenv, os.Stdout))
}

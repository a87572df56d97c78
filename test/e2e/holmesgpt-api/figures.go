package holmesgptapi

import (
	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/report"
	"github.com/jordigilh/kubernaut/test/infrastructure/stack"
	"github.com/jordigilh/kubernaut/test/infrastructure/summary"
)

// measure adds what only the kernel and the event log know, while the stack runs.
func (s *e2eSession) measure() {
	if s.stack != nil {
		s.memory = s.stack.Memory()
	}
	run, err := report.Read(s.reportDir)
	if err != nil || s.pytest == nil {
		return
	}
	for _, phase := range summary.PytestPhases(run, events.Seconds(s.begin), events.Seconds(s.launched)) {
		s.phases = append(s.phases, stack.Phase(phase))
	}
}

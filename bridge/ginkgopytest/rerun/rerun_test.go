package rerun_test

import (
	"testing"

	. "github.com/onsi/gomega"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/rerun"
)

func TestFailedAndNotRunAreLeftAndTheRestIsDone(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	run := events.NewRun()
	run.Apply(events.Event{Event: events.Selected, Time: 1, NodeIDs: []string{"before", "a"}, Earlier: []string{"before"}})
	run.Apply(events.Event{Event: events.Collected, Time: 2, NodeIDs: []string{"passed", "failed", "error", "skipped", "xfailed", "began", "never"}})
	for nodeID, outcome := range map[string]string{
		"passed": events.Passed, "failed": events.Failed, "error": events.Error, "skipped": events.Skipped, "xfailed": events.XFailed,
	} {
		run.Apply(events.Event{Event: events.TestFinish, Time: 3, NodeID: nodeID, Outcome: outcome})
	}
	run.Apply(events.Event{Event: events.TestStart, Time: 4, NodeID: "began"})

	left := rerun.Of(run)
	g.Expect(left.Done).To(Equal([]string{"before", "passed", "skipped", "xfailed"}))
	g.Expect(left.Failed).To(ConsistOf("failed", "error"))
	g.Expect(left.NotRun).To(Equal([]string{"began", "never"}))
	g.Expect(left.String()).To(Equal("2 failed, 2 not run, 4 done"))
}

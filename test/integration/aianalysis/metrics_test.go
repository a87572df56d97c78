package aianalysis

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/prometheus/client_golang/prometheus"

	dto "github.com/prometheus/client_model/go"
)

// count adds up what a metric has under the labels, which are names and values.
func count(registry *prometheus.Registry, name string, labels ...string) float64 {
	families, err := registry.Gather()
	Expect(err).NotTo(HaveOccurred())
	total := 0.0
	for _, family := range families {
		if family.GetName() != name {
			continue
		}
		for _, metric := range family.GetMetric() {
			if has(metric, labels) {
				total += metric.GetCounter().GetValue() + float64(metric.GetHistogram().GetSampleCount())
			}
		}
	}
	return total
}

func has(metric *dto.Metric, labels []string) bool {
	found := map[string]string{}
	for _, pair := range metric.GetLabel() {
		found[pair.GetName()] = pair.GetValue()
	}
	for i := 0; i < len(labels); i += 2 {
		if found[labels[i]] != labels[i+1] {
			return false
		}
	}
	return true
}

// growth is what an analysis adds to the metrics of this process's manager.
func growth(ctx SpecContext, signal string, changes ...change) func(name string, labels ...string) float64 {
	place := namespace(ctx)
	led := lead(place, nil)
	ended(ctx, analysis(signal, append(changes, in(place))...))
	return func(name string, labels ...string) float64 { return count(led.metrics, name, labels...) }
}

var _ = Describe("metrics", func() {
	It("count a completed analysis", func(ctx SpecContext) {
		grown := growth(ctx, "OOMKilled", environment("production"))

		for _, phase := range []string{"", "Pending", "Investigating", "Analyzing", "Completed"} {
			Expect(grown("aianalysis_reconciler_reconciliations_total", "phase", phase, "result", "success")).To(BeNumerically(">=", 1), phase)
		}
		Expect(grown("aianalysis_reconciler_duration_seconds", "phase", "overall")).To(Equal(1.0))
		Expect(grown("aianalysis_rego_evaluations_total", "outcome", "requires_approval", "degraded", "false")).To(Equal(1.0))
		Expect(grown("aianalysis_approval_decisions_total", "decision", "requires_approval", "environment", "production")).To(Equal(1.0))
		Expect(grown("aianalysis_confidence_score_distribution", "signal_type", "OOMKilled")).To(Equal(1.0))
		Expect(grown("aianalysis_audit_validation_attempts_total", "is_valid", "true")).To(Equal(1.0))
		Expect(grown("aianalysis_failures_total")).To(BeZero())
	})

	It("count a failure once", func(ctx SpecContext) {
		grown := growth(ctx, "MOCK_NO_WORKFLOW_FOUND")

		Expect(grown("aianalysis_failures_total")).To(Equal(1.0))
		Expect(grown("aianalysis_failures_total", "reason", "WorkflowResolutionFailed", "sub_reason", "NoMatchingWorkflows")).To(Equal(1.0))
		Expect(grown("aianalysis_rego_evaluations_total")).To(BeZero())
	})

	It("count what a recovery says of the attempt before", func(ctx SpecContext) {
		grown := growth(ctx, "OOMKilled", recovery(1))

		Expect(grown("aianalysis_recovery_status_populated_total", "failure_understood", "true", "state_changed", "false")).To(Equal(1.0))
		Expect(grown("aianalysis_recovery_status_skipped_total")).To(BeZero())
	})
})

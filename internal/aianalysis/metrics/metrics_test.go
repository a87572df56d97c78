package metrics_test

import (
	"errors"
	"strings"
	"testing"

	. "github.com/onsi/gomega"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/jordigilh/kubernaut/api/aianalysis/v1alpha1"
	"github.com/jordigilh/kubernaut/internal/aianalysis/approval"
	"github.com/jordigilh/kubernaut/internal/aianalysis/metrics"
)

func TestWhatHappenedIsCounted(t *testing.T) {
	g := NewWithT(t)
	registry := prometheus.NewRegistry()
	counted, err := metrics.New(registry)
	g.Expect(err).NotTo(HaveOccurred())
	analysis := &v1alpha1.AIAnalysis{Spec: v1alpha1.AIAnalysisSpec{IsRecoveryAttempt: true}}
	analysis.Spec.AnalysisRequest.SignalContext.EnrichmentResults.DetectedLabels = &v1alpha1.DetectedLabels{FailedDetections: []string{"stateful"}}
	counted.Answered(analysis)
	counted.Evaluated(approval.Decision{}, errors.New("late"), "test")
	counted.Evaluated(approval.Decision{RequireApproval: true, Degraded: true}, nil, "test")
	counted.Refused()
	counted.Reloaded(nil)
	counted.Reloaded(errors.New("bad"))

	g.Expect(testutil.GatherAndCompare(registry, strings.NewReader(`
# HELP aianalysis_rego_evaluations_total Evaluations of the approval policy.
# TYPE aianalysis_rego_evaluations_total counter
aianalysis_rego_evaluations_total{degraded="false",outcome="error"} 1
aianalysis_rego_evaluations_total{degraded="true",outcome="requires_approval"} 1
# HELP aianalysis_approval_decisions_total Decisions on approval.
# TYPE aianalysis_approval_decisions_total counter
aianalysis_approval_decisions_total{decision="requires_approval",environment="test"} 1
# HELP aianalysis_recovery_status_skipped_total Recoveries without an assessment.
# TYPE aianalysis_recovery_status_skipped_total counter
aianalysis_recovery_status_skipped_total 1
# HELP aianalysis_quality_detected_labels_failures_total Labels that could not be detected.
# TYPE aianalysis_quality_detected_labels_failures_total counter
aianalysis_quality_detected_labels_failures_total{field_name="stateful"} 1
# HELP aianalysis_audit_refused_events_total Audit events that DataStorage refused for good.
# TYPE aianalysis_audit_refused_events_total counter
aianalysis_audit_refused_events_total 1
# HELP aianalysis_rego_reloads_total Changes of the policy file.
# TYPE aianalysis_rego_reloads_total counter
aianalysis_rego_reloads_total{result="failure"} 1
aianalysis_rego_reloads_total{result="success"} 1
`), "aianalysis_rego_evaluations_total", "aianalysis_approval_decisions_total", "aianalysis_recovery_status_skipped_total",
		"aianalysis_quality_detected_labels_failures_total", "aianalysis_audit_refused_events_total", "aianalysis_rego_reloads_total")).To(Succeed())
}

func TestOneRegistryTakesOneController(t *testing.T) {
	g := NewWithT(t)
	registry := prometheus.NewRegistry()
	_, err := metrics.New(registry)
	g.Expect(err).NotTo(HaveOccurred())
	_, err = metrics.New(registry)
	g.Expect(err).To(HaveOccurred())
}

// Package metrics counts what the controller does.
package metrics

import (
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/jordigilh/kubernaut/api/aianalysis/v1alpha1"
	"github.com/jordigilh/kubernaut/internal/aianalysis/approval"
	"github.com/jordigilh/kubernaut/internal/aianalysis/audit"
)

const namespace = "aianalysis"

// Overall is the phase under which the time of a whole analysis is observed.
const Overall = "overall"

// Metrics are those of one controller.
type Metrics struct {
	reconciliations, evaluations, approvals, failures *prometheus.CounterVec
	attempts, detections, recoveries                  *prometheus.CounterVec
	noRecovery, refused, reloads                      *prometheus.CounterVec
	duration, confidence                              *prometheus.HistogramVec
}

// New registers the metrics.
func New(registry prometheus.Registerer) (*Metrics, error) {
	made := &Metrics{
		reconciliations: counter("reconciler", "reconciliations_total", "Reconciliations.", "phase", "result"),
		evaluations:     counter("rego", "evaluations_total", "Evaluations of the approval policy.", "outcome", "degraded"),
		approvals:       counter("approval", "decisions_total", "Decisions on approval.", "decision", "environment"),
		failures:        counter("", "failures_total", "Analyses that failed.", "reason", "sub_reason"),
		attempts:        counter("audit", "validation_attempts_total", "Answers of the model held against the catalogue.", "workflow_id", "is_valid"),
		detections:      counter("quality", "detected_labels_failures_total", "Labels that could not be detected.", "field_name"),
		recoveries:      counter("recovery", "status_populated_total", "Recoveries with an assessment.", "failure_understood", "state_changed"),
		noRecovery:      counter("recovery", "status_skipped_total", "Recoveries without an assessment."),
		refused:         counter("audit", "refused_events_total", "Audit events that DataStorage refused for good."),
		reloads:         counter("rego", "reloads_total", "Changes of the policy file.", "result"),
		duration: histogram("reconciler", "duration_seconds", "Time of a reconciliation, and of a whole analysis.",
			[]float64{0.1, 0.5, 1, 2, 5, 10, 30, 60}, "phase"),
		confidence: histogram("confidence", "score_distribution", "Confidence in the selected workflow.",
			[]float64{0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1}, "signal_type"),
	}
	for _, one := range []prometheus.Collector{made.reconciliations, made.evaluations, made.approvals, made.failures, made.attempts,
		made.detections, made.recoveries, made.noRecovery, made.refused, made.reloads, made.duration, made.confidence} {
		if err := registry.Register(one); err != nil {
			return nil, err
		}
	}
	return made, nil
}

func counter(subsystem, name, help string, labels ...string) *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: namespace, Subsystem: subsystem, Name: name, Help: help}, labels)
}

func histogram(subsystem, name, help string, buckets []float64, labels ...string) *prometheus.HistogramVec {
	return prometheus.NewHistogramVec(prometheus.HistogramOpts{Namespace: namespace, Subsystem: subsystem, Name: name, Help: help, Buckets: buckets}, labels)
}

// Reconciled counts a reconciliation that began in a phase.
func (m *Metrics) Reconciled(phase v1alpha1.Phase, result string, took time.Duration) {
	m.reconciliations.WithLabelValues(string(phase), result).Inc()
	m.duration.WithLabelValues(string(phase)).Observe(took.Seconds())
}

// Evaluated counts an answer of the approval policy.
func (m *Metrics) Evaluated(decision approval.Decision, failure error, environment string) {
	m.evaluations.WithLabelValues(audit.Verdict(decision, failure), strconv.FormatBool(decision.Degraded)).Inc()
	if failure == nil {
		m.approvals.WithLabelValues(audit.DecisionName(decision), environment).Inc()
	}
}

// Answered counts what an answer of HolmesGPT says of itself.
func (m *Metrics) Answered(analysis *v1alpha1.AIAnalysis) {
	for _, attempt := range analysis.Status.ValidationAttemptsHistory {
		m.attempts.WithLabelValues(attempt.WorkflowID, strconv.FormatBool(attempt.IsValid)).Inc()
	}
	if labels := analysis.Spec.AnalysisRequest.SignalContext.EnrichmentResults.DetectedLabels; labels != nil {
		for _, field := range labels.FailedDetections {
			m.detections.WithLabelValues(field).Inc()
		}
	}
	if !analysis.Spec.IsRecoveryAttempt {
		return
	}
	if found := analysis.Status.RecoveryStatus; found != nil {
		m.recoveries.WithLabelValues(strconv.FormatBool(found.PreviousAttemptAssessment.FailureUnderstood),
			strconv.FormatBool(found.StateChanged)).Inc()
	} else {
		m.noRecovery.WithLabelValues().Inc()
	}
}

// Ended counts the end of an analysis, once.
func (m *Metrics) Ended(analysis *v1alpha1.AIAnalysis) {
	status := analysis.Status
	m.duration.WithLabelValues(Overall).Observe(float64(status.TotalAnalysisTime) / 1000)
	if status.Phase == v1alpha1.PhaseFailed {
		m.failures.WithLabelValues(status.Reason, string(status.SubReason)).Inc()
	}
	if status.SelectedWorkflow != nil {
		m.confidence.WithLabelValues(analysis.Spec.AnalysisRequest.SignalContext.SignalType).Observe(status.SelectedWorkflow.Confidence)
	}
}

// Refused counts an audit event that is lost, because DataStorage never takes it.
func (m *Metrics) Refused() { m.refused.WithLabelValues().Inc() }

// Reloaded counts a change of the policy file.
func (m *Metrics) Reloaded(failure error) {
	result := "success"
	if failure != nil {
		result = "failure"
	}
	m.reloads.WithLabelValues(result).Inc()
}

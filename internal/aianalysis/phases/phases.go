// Package phases decides what becomes of an analysis: each function takes what
// was found out and changes the status, and does nothing else.
package phases

import (
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/jordigilh/kubernaut/api/aianalysis/v1alpha1"
)

// Create is the first phase of a new analysis.
func Create(analysis *v1alpha1.AIAnalysis) {
	analysis.Status.Phase = v1alpha1.PhasePending
	analysis.Status.Message = "AIAnalysis created"
}

// Begin lets the investigation begin.
func Begin(analysis *v1alpha1.AIAnalysis, now time.Time) {
	started := metav1.NewTime(now)
	analysis.Status.StartedAt = &started
	analysis.Status.Phase = v1alpha1.PhaseInvestigating
	analysis.Status.Message = "Waiting for HolmesGPT"
}

// end is the last thing that happens to an analysis.
func end(analysis *v1alpha1.AIAnalysis, phase v1alpha1.Phase, now time.Time) {
	completed := metav1.NewTime(now)
	status := &analysis.Status
	status.Phase, status.CompletedAt, status.NextAttemptAt = phase, &completed, nil
	if status.StartedAt != nil {
		status.TotalAnalysisTime = max(0, now.Sub(status.StartedAt.Time).Milliseconds())
	}
}

// fail ends an analysis as failed.
func fail(analysis *v1alpha1.AIAnalysis, reason string, sub v1alpha1.SubReason, message string, now time.Time) {
	status := &analysis.Status
	status.Reason, status.SubReason, status.Message = reason, sub, message
	end(analysis, v1alpha1.PhaseFailed, now)
}

package phases

import (
	"time"

	"github.com/jordigilh/kubernaut/api/aianalysis/v1alpha1"
	"github.com/jordigilh/kubernaut/internal/aianalysis/approval"
)

// NothingSelected ends an analysis that has no workflow to ask approval for.
func NothingSelected(analysis *v1alpha1.AIAnalysis, now time.Time) {
	const message = "No workflow was selected"
	SetCondition(analysis, v1alpha1.ConditionAnalysisComplete, false, AnalysisFailed, message)
	fail(analysis, v1alpha1.ReasonNoWorkflowSelected, "", message, now)
}

// PolicyFailed ends an analysis whose policy gave no answer in time.
func PolicyFailed(analysis *v1alpha1.AIAnalysis, failure error, now time.Time) {
	SetCondition(analysis, v1alpha1.ConditionAnalysisComplete, false, AnalysisFailed, failure.Error())
	fail(analysis, v1alpha1.ReasonRegoEvaluationError, "", failure.Error(), now)
}

// Decided takes the policy's decision, which completes the analysis.
func Decided(analysis *v1alpha1.AIAnalysis, decision approval.Decision, now time.Time) {
	status := &analysis.Status
	status.ApprovalRequired, status.ApprovalReason = decision.RequireApproval, decision.Reason
	status.DegradedMode = decision.Degraded
	status.Message = "Analysis complete"
	if decision.RequireApproval {
		status.ApprovalContext = decision.Context(*status)
		SetCondition(analysis, v1alpha1.ConditionApprovalRequired, true, PolicyRequiresApproval, decision.Reason)
	} else {
		SetCondition(analysis, v1alpha1.ConditionApprovalRequired, false, AutoApproved, decision.Reason)
	}
	SetCondition(analysis, v1alpha1.ConditionAnalysisComplete, true, AnalysisSucceeded, "Analysis complete")
	end(analysis, v1alpha1.PhaseCompleted, now)
}

package approval

import (
	"github.com/jordigilh/kubernaut/api/aianalysis/v1alpha1"
)

const policyName = "aianalysis.approval"

// Level names a confidence: high from 0.8, medium from 0.6.
func Level(confidence float64) string {
	switch {
	case confidence >= 0.8:
		return "high"
	case confidence >= 0.6:
		return "medium"
	default:
		return "low"
	}
}

// Context is what a person needs to decide on the selected workflow.
func (d Decision) Context(status v1alpha1.AIAnalysisStatus) *v1alpha1.ApprovalContext {
	made := &v1alpha1.ApprovalContext{
		Reason: d.Reason, WhyApprovalRequired: d.Reason,
		InvestigationSummary: status.RootCause, ConfidenceLevel: Level(0),
		PolicyEvaluation: &v1alpha1.PolicyEvaluation{PolicyName: policyName, Decision: "manual_review_required"},
	}
	if d.Degraded {
		made.PolicyEvaluation.Decision = "degraded_mode"
	}
	if cause := status.RootCauseAnalysis; cause != nil {
		made.EvidenceCollected = cause.ContributingFactors
	}
	if workflow := status.SelectedWorkflow; workflow != nil {
		made.ConfidenceScore, made.ConfidenceLevel = workflow.Confidence, Level(workflow.Confidence)
		made.RecommendedActions = []v1alpha1.RecommendedAction{{Action: workflow.WorkflowID, Rationale: workflow.Rationale}}
	}
	for _, one := range status.AlternativeWorkflows {
		made.AlternativesConsidered = append(made.AlternativesConsidered,
			v1alpha1.ConsideredAlternative{Approach: one.WorkflowID, ProsCons: one.Rationale})
	}
	return made
}

package audit

import (
	"github.com/jordigilh/kubernaut/api/aianalysis/v1alpha1"
	ogenclient "github.com/jordigilh/kubernaut/pkg/datastorage/ogen-client"
)

// summary is what the trail keeps of the status.
func summary(analysis *v1alpha1.AIAnalysis, kind ogenclient.AIAnalysisAuditPayloadEventType) ogenclient.AIAnalysisAuditPayload {
	status := analysis.Status
	made := ogenclient.AIAnalysisAuditPayload{
		EventType: kind, AnalysisName: analysis.Name, Namespace: analysis.Namespace,
		ApprovalRequired: status.ApprovalRequired, ApprovalReason: optional(status.ApprovalReason),
		DegradedMode: status.DegradedMode, WarningsCount: len(status.Warnings),
		Reason: optional(status.Reason), SubReason: optional(string(status.SubReason)),
	}
	if workflow := status.SelectedWorkflow; workflow != nil {
		made.Confidence = ogenclient.NewOptFloat64(workflow.Confidence)
		made.WorkflowID = ogenclient.NewOptString(workflow.WorkflowID)
	}
	if status.TargetInOwnerChain != nil {
		made.TargetInOwnerChain = ogenclient.NewOptBool(*status.TargetInOwnerChain)
	}
	// Without an answer of HolmesGPT there is nothing to sum up.
	if status.InvestigationID != "" {
		made.ProviderResponseSummary = ogenclient.NewOptProviderResponseSummary(provider(analysis))
	}
	return made
}

func provider(analysis *v1alpha1.AIAnalysis) ogenclient.ProviderResponseSummary {
	status := analysis.Status
	made := ogenclient.ProviderResponseSummary{
		IncidentID: analysis.Name, AnalysisPreview: clip(status.RootCause),
		NeedsHumanReview: status.NeedsHumanReview, WarningsCount: len(status.Warnings),
	}
	if status.SelectedWorkflow != nil {
		made.SelectedWorkflowID = ogenclient.NewOptString(status.SelectedWorkflow.WorkflowID)
	}
	return made
}

func details(status v1alpha1.AIAnalysisStatus) ogenclient.ErrorDetails {
	code := string(status.SubReason)
	if code == "" {
		code = status.Reason
	}
	return ogenclient.ErrorDetails{Message: status.Message, Code: code, Component: "aianalysis",
		RetryPossible: status.SubReason == v1alpha1.SubReasonMaxRetriesExceeded}
}

func clip(text string) string {
	runes := []rune(text)
	return string(runes[:min(len(runes), preview)])
}

func optional(text string) ogenclient.OptString {
	if text == "" {
		return ogenclient.OptString{}
	}
	return ogenclient.NewOptString(text)
}

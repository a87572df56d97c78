package investigation

import (
	"slices"

	"github.com/go-faster/jx"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/jordigilh/kubernaut/api/aianalysis/v1alpha1"
	"github.com/jordigilh/kubernaut/pkg/holmesgpt/client"
)

// maxAttempts is how many attempts the custom resource has room for.
const maxAttempts = 3

// Result is HolmesGPT's answer to an incident or a recovery.
type Result struct {
	// Analysis is its summary in words.
	Analysis   string
	Cause      *v1alpha1.RootCauseAnalysis
	Workflow   *v1alpha1.SelectedWorkflow
	Confidence float64
	// Review says that a person has to look at it; Reason may be empty then.
	Review       bool
	Reason       v1alpha1.HumanReviewReason
	Warnings     []string
	Alternatives []v1alpha1.AlternativeWorkflow
	Attempts     []v1alpha1.ValidationAttempt
	// TargetInOwnerChain is nil when HolmesGPT did not look for it.
	TargetInOwnerChain *bool
	// Recovery is nil for an incident.
	Recovery *Recovery
}

// Recovery is what only the answer to a recovery has.
type Recovery struct {
	Possible bool
	// Status is nil when nothing was said of the previous attempt.
	Status *v1alpha1.RecoveryStatus
}

func incidentResult(answer *client.IncidentResponse) Result {
	return Result{
		Analysis: answer.Analysis, Confidence: answer.Confidence, Cause: cause(answer.RootCauseAnalysis),
		Workflow: workflow(answer.SelectedWorkflow), Review: answer.NeedsHumanReview,
		Reason: v1alpha1.HumanReviewReason(answer.HumanReviewReason.Value), Warnings: answer.Warnings,
		Alternatives: alternatives(answer.AlternativeWorkflows), Attempts: attempts(answer.ValidationAttemptsHistory),
		TargetInOwnerChain: &answer.TargetInOwnerChain,
	}
}

func recoveryResult(answer *client.RecoveryResponse) Result {
	result := Result{
		Confidence: answer.AnalysisConfidence, Workflow: workflow(answer.SelectedWorkflow),
		Review: answer.NeedsHumanReview, Reason: v1alpha1.HumanReviewReason(answer.HumanReviewReason.Value),
		Warnings: answer.Warnings, Alternatives: alternatives(answer.AlternativeWorkflows),
		Recovery: &Recovery{Possible: answer.CanRecover},
	}
	if analysis, told := answer.RecoveryAnalysis.Get(); told {
		assessment := analysis.PreviousAttemptAssessment
		result.Analysis = assessment.FailureReasonAnalysis
		result.Recovery.Status = &v1alpha1.RecoveryStatus{
			PreviousAttemptAssessment: &v1alpha1.PreviousAttemptAssessment{
				FailureUnderstood:     assessment.FailureUnderstood,
				FailureReasonAnalysis: assessment.FailureReasonAnalysis,
			},
			StateChanged: assessment.StateChanged, CurrentSignalType: assessment.CurrentSignalType.Value,
		}
	}
	return result
}

func cause(found client.RootCauseAnalysis) *v1alpha1.RootCauseAnalysis {
	return &v1alpha1.RootCauseAnalysis{Summary: found.Summary, Severity: severity(found.Severity),
		SignalType: found.SignalType.Value, ContributingFactors: found.ContributingFactors}
}

// severity is one that the custom resource knows: the model's words are free.
func severity(said string) v1alpha1.Severity {
	if slices.Contains([]string{"critical", "high", "medium", "low"}, said) {
		return v1alpha1.Severity(said)
	}
	return "unknown"
}

func workflow(chosen client.OptSelectedWorkflow) *v1alpha1.SelectedWorkflow {
	found, is := chosen.Get()
	if !is || found.WorkflowID == "" {
		return nil
	}
	parameters := make(map[string]string, len(found.Parameters))
	for name, value := range found.Parameters {
		parameters[name] = text(value)
	}
	return &v1alpha1.SelectedWorkflow{
		WorkflowID: found.WorkflowID, Version: found.Version.Value, ContainerImage: found.ContainerImage.Value,
		ContainerDigest: found.ContainerDigest.Value, Confidence: found.Confidence, Rationale: found.Rationale,
		Parameters: parameters,
	}
}

// text is a string as it is, and any other value as its JSON.
func text(value jx.Raw) string {
	if said, err := jx.DecodeBytes(value).Str(); err == nil {
		return said
	}
	return string(value)
}

func alternatives(found []client.AlternativeWorkflow) []v1alpha1.AlternativeWorkflow {
	var made []v1alpha1.AlternativeWorkflow
	for _, one := range found {
		made = append(made, v1alpha1.AlternativeWorkflow{WorkflowID: one.WorkflowID,
			ContainerImage: one.ContainerImage.Value, Confidence: one.Confidence, Rationale: one.Rationale})
	}
	return made
}

func attempts(found []client.ValidationAttempt) []v1alpha1.ValidationAttempt {
	var made []v1alpha1.ValidationAttempt
	for _, one := range found[:min(len(found), maxAttempts)] {
		made = append(made, v1alpha1.ValidationAttempt{Attempt: int32(min(one.Attempt, maxAttempts)),
			WorkflowID: one.WorkflowID.Value, IsValid: one.IsValid, Errors: one.Errors,
			Timestamp: metav1.NewTime(one.Timestamp)})
	}
	return made
}

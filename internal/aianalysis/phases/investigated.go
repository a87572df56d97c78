package phases

import (
	"fmt"
	"strings"
	"time"

	"github.com/jordigilh/kubernaut/api/aianalysis/v1alpha1"
	"github.com/jordigilh/kubernaut/internal/aianalysis/investigation"
)

// Threshold is the least confidence that a workflow is used with.
const Threshold = 0.7

// Investigated takes HolmesGPT's answer, which took so long. A need for review
// goes before everything else: an inconclusive answer may be confident, too.
func Investigated(analysis *v1alpha1.AIAnalysis, found investigation.Result, took time.Duration, now time.Time) {
	record(analysis, found, took)
	switch recovery := found.Recovery; {
	case found.Review:
		review(analysis, found, now)
	case recovery != nil && !recovery.Possible:
		unresolved(analysis, v1alpha1.ReasonRecoveryNotPossible, v1alpha1.SubReasonNoRecoveryStrategy,
			"HolmesGPT sees no way to recover: "+found.Analysis, now)
	case found.Workflow == nil && found.Confidence >= Threshold && recovery == nil:
		resolved(analysis, found, now)
	case found.Workflow == nil:
		needsReview(analysis, v1alpha1.ReviewNoMatchingWorkflows, "no workflow was selected (no_matching_workflows)", now)
	case found.Confidence < Threshold:
		needsReview(analysis, v1alpha1.ReviewLowConfidence, fmt.Sprintf(
			"confidence %.2f is below the threshold of %.2f (low_confidence)", found.Confidence, Threshold), now)
	default:
		SetCondition(analysis, v1alpha1.ConditionInvestigationComplete, true, InvestigationSucceeded, "HolmesGPT answered")
		SetCondition(analysis, v1alpha1.ConditionWorkflowResolved, true, WorkflowSelected, "Workflow "+found.Workflow.WorkflowID)
		analysis.Status.Phase = v1alpha1.PhaseAnalyzing
		analysis.Status.Message = "Asking the approval policy"
	}
}

// record keeps all of the answer, whatever becomes of it.
func record(analysis *v1alpha1.AIAnalysis, found investigation.Result, took time.Duration) {
	status := &analysis.Status
	status.ObservedGeneration = analysis.Generation
	status.InvestigationID, status.InvestigationTime = investigation.Key(analysis), max(1, took.Milliseconds())
	status.Reason, status.SubReason, status.ConsecutiveFailures, status.NextAttemptAt = "", "", 0, nil
	status.RootCause, status.RootCauseAnalysis = found.Analysis, found.Cause
	if found.Cause != nil {
		status.RootCause = found.Cause.Summary
	}
	status.SelectedWorkflow, status.AlternativeWorkflows = found.Workflow, found.Alternatives
	status.Warnings, status.ValidationAttemptsHistory = found.Warnings, found.Attempts
	status.TargetInOwnerChain = found.TargetInOwnerChain
	if found.Recovery != nil {
		status.RecoveryStatus = found.Recovery.Status
	}
}

func resolved(analysis *v1alpha1.AIAnalysis, found investigation.Result, now time.Time) {
	status := &analysis.Status
	status.Reason, status.SubReason = v1alpha1.ReasonWorkflowNotNeeded, v1alpha1.SubReasonProblemResolved
	status.Message = "Problem self-resolved: " + found.Analysis
	SetCondition(analysis, v1alpha1.ConditionInvestigationComplete, true, InvestigationSucceeded, "HolmesGPT answered")
	SetCondition(analysis, v1alpha1.ConditionWorkflowResolved, false, v1alpha1.ReasonWorkflowNotNeeded, status.Message)
	SetCondition(analysis, v1alpha1.ConditionAnalysisComplete, true, AnalysisSucceeded, "No workflow is needed")
	end(analysis, v1alpha1.PhaseCompleted, now)
}

// needsReview is the controller's own decision that a person has to look.
func needsReview(analysis *v1alpha1.AIAnalysis, reason v1alpha1.HumanReviewReason, message string, now time.Time) {
	analysis.Status.NeedsHumanReview, analysis.Status.HumanReviewReason = true, reason
	unresolved(analysis, v1alpha1.ReasonWorkflowResolutionFailed, subReasons[reason], message, now)
}

// review is HolmesGPT's decision that a person has to look.
func review(analysis *v1alpha1.AIAnalysis, found investigation.Result, now time.Time) {
	reason, sub := found.Reason, subReasons[found.Reason]
	if sub == "" {
		sub = guess(found.Warnings)
	}
	analysis.Status.NeedsHumanReview, analysis.Status.HumanReviewReason = true, reason
	message := explanation(found)
	if found.Recovery != nil {
		message = fmt.Sprintf("HolmesGPT-API could not provide reliable recovery workflow recommendation (reason: %s): %s",
			reason, message)
	}
	unresolved(analysis, v1alpha1.ReasonWorkflowResolutionFailed, sub, message, now)
}

// explanation joins what was wrong with the attempts, and the warnings.
func explanation(found investigation.Result) string {
	var said []string
	for _, attempt := range found.Attempts {
		if !attempt.IsValid && len(attempt.Errors) > 0 {
			said = append(said, fmt.Sprintf("attempt %d: %s", attempt.Attempt, strings.Join(attempt.Errors, ", ")))
		}
	}
	said = append(said, found.Warnings...)
	if len(said) == 0 {
		return "HolmesGPT asks for a person's review"
	}
	return strings.Join(said, "; ")
}

// unresolved ends an investigation that led to no workflow that may be used.
func unresolved(analysis *v1alpha1.AIAnalysis, reason string, sub v1alpha1.SubReason, message string, now time.Time) {
	SetCondition(analysis, v1alpha1.ConditionInvestigationComplete, true, InvestigationSucceeded, "HolmesGPT answered")
	SetCondition(analysis, v1alpha1.ConditionWorkflowResolved, false, string(sub), message)
	SetCondition(analysis, v1alpha1.ConditionAnalysisComplete, false, AnalysisFailed, message)
	fail(analysis, reason, sub, message, now)
}

var subReasons = map[v1alpha1.HumanReviewReason]v1alpha1.SubReason{
	"workflow_not_found":          v1alpha1.SubReasonWorkflowNotFound,
	"image_mismatch":              v1alpha1.SubReasonImageMismatch,
	"parameter_validation_failed": v1alpha1.SubReasonParameterValidationFailed,
	"no_matching_workflows":       v1alpha1.SubReasonNoMatchingWorkflows,
	"low_confidence":              v1alpha1.SubReasonLowConfidence,
	"llm_parsing_error":           v1alpha1.SubReasonLLMParsingError,
	"investigation_inconclusive":  v1alpha1.SubReasonInvestigationInconclusive,
	"rca_incomplete":              v1alpha1.SubReasonRCAIncomplete,
}

// guess finds the reason in the words of the warnings.
func guess(warnings []string) v1alpha1.SubReason {
	said := strings.ToLower(strings.Join(warnings, "\n"))
	has := func(word string) bool { return strings.Contains(said, word) }
	switch {
	case has("not found"):
		return v1alpha1.SubReasonWorkflowNotFound
	case has("no matching"):
		return v1alpha1.SubReasonNoMatchingWorkflows
	case has("confidence") && has("below"):
		return v1alpha1.SubReasonLowConfidence
	case has("parameter validation") || has("missing required"):
		return v1alpha1.SubReasonParameterValidationFailed
	case has("image mismatch"):
		return v1alpha1.SubReasonImageMismatch
	case has("parse") || has("invalid json"):
		return v1alpha1.SubReasonLLMParsingError
	default:
		return v1alpha1.SubReasonWorkflowNotFound
	}
}

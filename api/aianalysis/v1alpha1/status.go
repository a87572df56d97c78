package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// AIAnalysisStatus is what the analysis came to.
type AIAnalysisStatus struct {
	// +optional
	Phase Phase `json:"phase,omitempty"`
	// +optional
	Message string `json:"message,omitempty"`
	// +optional
	Reason string `json:"reason,omitempty"`
	// +optional
	SubReason SubReason `json:"subReason,omitempty"`
	// +optional
	ObservedGeneration int64 `json:"observedGeneration,omitempty"`
	// +optional
	StartedAt *metav1.Time `json:"startedAt,omitempty"`
	// +optional
	CompletedAt *metav1.Time `json:"completedAt,omitempty"`

	// RootCause is the summary of RootCauseAnalysis.
	// +optional
	RootCause string `json:"rootCause,omitempty"`
	// +optional
	RootCauseAnalysis *RootCauseAnalysis `json:"rootCauseAnalysis,omitempty"`
	// +optional
	SelectedWorkflow *SelectedWorkflow `json:"selectedWorkflow,omitempty"`
	// +optional
	AlternativeWorkflows []AlternativeWorkflow `json:"alternativeWorkflows,omitempty"`

	// +optional
	ApprovalRequired bool `json:"approvalRequired,omitempty"`
	// +optional
	ApprovalReason string `json:"approvalReason,omitempty"`
	// +optional
	ApprovalContext *ApprovalContext `json:"approvalContext,omitempty"`

	// +optional
	NeedsHumanReview bool `json:"needsHumanReview,omitempty"`
	// +optional
	HumanReviewReason HumanReviewReason `json:"humanReviewReason,omitempty"`

	// InvestigationID is the key under which HolmesGPT investigates once.
	// +optional
	// +kubebuilder:validation:MaxLength=253
	InvestigationID string `json:"investigationId,omitempty"`
	// InvestigationTime is how long the call of HolmesGPT took, in ms.
	// +optional
	// +kubebuilder:validation:Minimum=0
	InvestigationTime int64 `json:"investigationTime,omitempty"`
	// TotalAnalysisTime is from startedAt to completedAt, in ms.
	// +optional
	// +kubebuilder:validation:Minimum=0
	TotalAnalysisTime int64 `json:"totalAnalysisTime,omitempty"`

	// +optional
	TargetInOwnerChain *bool `json:"targetInOwnerChain,omitempty"`
	// +optional
	Warnings []string `json:"warnings,omitempty"`
	// DegradedMode says that the approval policy could not be asked.
	// +optional
	DegradedMode bool `json:"degradedMode,omitempty"`
	// +optional
	ValidationAttemptsHistory []ValidationAttempt `json:"validationAttemptsHistory,omitempty"`
	// +optional
	RecoveryStatus *RecoveryStatus `json:"recoveryStatus,omitempty"`

	// ConsecutiveFailures counts the calls of HolmesGPT that failed in a row.
	// +optional
	// +kubebuilder:validation:Minimum=0
	ConsecutiveFailures int32 `json:"consecutiveFailures,omitempty"`
	// NextAttemptAt is when HolmesGPT is called again, and not before.
	// +optional
	NextAttemptAt *metav1.MicroTime `json:"nextAttemptAt,omitempty"`

	// PendingAuditEvents are JSON documents of DataStorage's contract that it
	// does not have yet, the oldest first.
	// +optional
	// +kubebuilder:validation:MaxItems=64
	PendingAuditEvents []string `json:"pendingAuditEvents,omitempty"`
	// +optional
	// +listType=map
	// +listMapKey=type
	Conditions []metav1.Condition `json:"conditions,omitempty"`
}

// RootCauseAnalysis is why the incident happened.
type RootCauseAnalysis struct {
	// +required
	Summary string `json:"summary"`
	// +optional
	Severity Severity `json:"severity,omitempty"`
	// +optional
	SignalType string `json:"signalType,omitempty"`
	// +optional
	ContributingFactors []string `json:"contributingFactors,omitempty"`
}

// SelectedWorkflow is the remedy.
type SelectedWorkflow struct {
	// +required
	// +kubebuilder:validation:MinLength=1
	WorkflowID string `json:"workflowId"`
	// +required
	Version string `json:"version"`
	// +required
	ContainerImage string `json:"containerImage"`
	// +optional
	ContainerDigest string `json:"containerDigest,omitempty"`
	// +required
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=1
	Confidence float64 `json:"confidence"`
	// +optional
	Parameters map[string]string `json:"parameters,omitempty"`
	// +optional
	Rationale string `json:"rationale,omitempty"`
}

// AlternativeWorkflow was considered beside the selected one.
type AlternativeWorkflow struct {
	// +required
	WorkflowID string `json:"workflowId"`
	// +optional
	ContainerImage string `json:"containerImage,omitempty"`
	// +required
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=1
	Confidence float64 `json:"confidence"`
	// +optional
	Rationale string `json:"rationale,omitempty"`
}

// ValidationAttempt is one answer of the model held against the catalogue.
type ValidationAttempt struct {
	// +required
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=3
	Attempt int32 `json:"attempt"`
	// +optional
	WorkflowID string `json:"workflowId,omitempty"`
	// +required
	IsValid bool `json:"isValid"`
	// +optional
	Errors []string `json:"errors,omitempty"`
	// +required
	Timestamp metav1.Time `json:"timestamp"`
}

// ApprovalContext is what a person needs to decide; it is there when approval
// is required.
type ApprovalContext struct {
	// +required
	Reason string `json:"reason"`
	// +required
	WhyApprovalRequired string `json:"whyApprovalRequired"`
	// +required
	ConfidenceScore float64 `json:"confidenceScore"`
	// +required
	// +kubebuilder:validation:Enum=low;medium;high
	ConfidenceLevel string `json:"confidenceLevel"`
	// +required
	InvestigationSummary string `json:"investigationSummary"`
	// +optional
	EvidenceCollected []string `json:"evidenceCollected,omitempty"`
	// +optional
	RecommendedActions []RecommendedAction `json:"recommendedActions,omitempty"`
	// +optional
	AlternativesConsidered []ConsideredAlternative `json:"alternativesConsidered,omitempty"`
	// +optional
	PolicyEvaluation *PolicyEvaluation `json:"policyEvaluation,omitempty"`
}

// RecommendedAction is a workflow to approve.
type RecommendedAction struct {
	// +required
	Action string `json:"action"`
	// +optional
	Rationale string `json:"rationale,omitempty"`
}

// ConsideredAlternative is a workflow that was not chosen.
type ConsideredAlternative struct {
	// +required
	Approach string `json:"approach"`
	// +optional
	ProsCons string `json:"prosCons,omitempty"`
}

// PolicyEvaluation is what the approval policy decided.
type PolicyEvaluation struct {
	// +required
	PolicyName string `json:"policyName"`
	// +required
	// +kubebuilder:validation:Enum=manual_review_required;degraded_mode
	Decision string `json:"decision"`
}

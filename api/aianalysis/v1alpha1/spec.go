package v1alpha1

import (
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// AIAnalysisSpec says what to analyse. It never changes.
//
// +kubebuilder:validation:XValidation:rule="self == oldSelf",message="spec is immutable: create another AIAnalysis"
// +kubebuilder:validation:XValidation:rule="!has(self.isRecoveryAttempt) || !self.isRecoveryAttempt || has(self.recoveryAttemptNumber)",message="recoveryAttemptNumber is required when isRecoveryAttempt is true",fieldPath=".recoveryAttemptNumber",reason="FieldValueRequired"
// +kubebuilder:validation:XValidation:rule="!has(self.recoveryAttemptNumber) || (has(self.isRecoveryAttempt) && self.isRecoveryAttempt)",message="recoveryAttemptNumber is given although isRecoveryAttempt is not true",fieldPath=".recoveryAttemptNumber"
// +kubebuilder:validation:XValidation:rule="!has(self.previousExecutions) || size(self.previousExecutions) == 0 || (has(self.isRecoveryAttempt) && self.isRecoveryAttempt)",message="previousExecutions are given although isRecoveryAttempt is not true",fieldPath=".previousExecutions"
type AIAnalysisSpec struct {
	// RemediationRequestRef is what asked for the analysis; its name is the
	// correlation id of the audit trail.
	// +required
	RemediationRequestRef corev1.ObjectReference `json:"remediationRequestRef"`
	// RemediationID is the correlation id when the reference has no name.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=255
	RemediationID string `json:"remediationId"`
	// +required
	AnalysisRequest AnalysisRequest `json:"analysisRequest"`
	// IsRecoveryAttempt asks why an earlier remedy failed, and for another one.
	// +optional
	IsRecoveryAttempt bool `json:"isRecoveryAttempt,omitempty"`
	// +optional
	// +kubebuilder:validation:Minimum=1
	RecoveryAttemptNumber *int32 `json:"recoveryAttemptNumber,omitempty"`
	// PreviousExecutions begin with the oldest.
	// +optional
	// +kubebuilder:validation:MaxItems=16
	PreviousExecutions []PreviousExecution `json:"previousExecutions,omitempty"`
	// +optional
	TimeoutConfig *TimeoutConfig `json:"timeoutConfig,omitempty"`
}

// AnalysisRequest is the incident and what is wanted of it.
type AnalysisRequest struct {
	// +required
	SignalContext SignalContext `json:"signalContext"`
	// +required
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=16
	AnalysisTypes []string `json:"analysisTypes"`
}

// Severity of a signal.
//
// +kubebuilder:validation:Enum=critical;high;medium;low;unknown
type Severity string

// SignalContext is the incident.
type SignalContext struct {
	// +required
	// +kubebuilder:validation:MaxLength=64
	Fingerprint string `json:"fingerprint"`
	// +required
	Severity Severity `json:"severity"`
	// SignalType is that of the alert or event, such as OOMKilled.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=255
	// +kubebuilder:validation:Pattern=`^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*$`
	SignalType string `json:"signalType"`
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=63
	Environment string `json:"environment"`
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=63
	BusinessPriority string `json:"businessPriority"`
	// +required
	TargetResource TargetResource `json:"targetResource"`
	// EnrichmentResults may be empty.
	// +required
	EnrichmentResults EnrichmentResults `json:"enrichmentResults"`
}

// TargetResource is the object that the signal is about.
type TargetResource struct {
	// +required
	// +kubebuilder:validation:MinLength=1
	Kind string `json:"kind"`
	// +required
	// +kubebuilder:validation:MinLength=1
	Name string `json:"name"`
	// Namespace is empty for an object of the whole cluster, such as a Node.
	// +optional
	Namespace string `json:"namespace,omitempty"`
}

// TimeoutConfig bounds the phases.
//
// +kubebuilder:validation:XValidation:rule="!has(self.investigatingTimeout) || self.investigatingTimeout > duration('0s')",message="investigatingTimeout must be longer than 0s",fieldPath=".investigatingTimeout"
// +kubebuilder:validation:XValidation:rule="!has(self.analyzingTimeout) || self.analyzingTimeout > duration('0s')",message="analyzingTimeout must be longer than 0s",fieldPath=".analyzingTimeout"
type TimeoutConfig struct {
	// InvestigatingTimeout is how long one call of HolmesGPT may take.
	// +optional
	// +kubebuilder:validation:Format=duration
	InvestigatingTimeout *metav1.Duration `json:"investigatingTimeout,omitempty"`
	// AnalyzingTimeout is how long the approval policy may take.
	// +optional
	// +kubebuilder:validation:Format=duration
	AnalyzingTimeout *metav1.Duration `json:"analyzingTimeout,omitempty"`
}

package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// PreviousExecution is a remedy that failed.
type PreviousExecution struct {
	// +required
	// +kubebuilder:validation:MinLength=1
	WorkflowExecutionRef string `json:"workflowExecutionRef"`
	// +required
	OriginalRCA OriginalRCA `json:"originalRCA"`
	// +required
	SelectedWorkflow PreviousWorkflow `json:"selectedWorkflow"`
	// +required
	Failure ExecutionFailure `json:"failure"`
}

// OriginalRCA is the root cause that the remedy was chosen for.
type OriginalRCA struct {
	// +required
	Summary string `json:"summary"`
	// +required
	SignalType string `json:"signalType"`
	// +required
	Severity Severity `json:"severity"`
	// +optional
	ContributingFactors []string `json:"contributingFactors,omitempty"`
}

// PreviousWorkflow is the workflow that failed.
type PreviousWorkflow struct {
	// +required
	// +kubebuilder:validation:MinLength=1
	WorkflowID string `json:"workflowId"`
	// +optional
	Version string `json:"version,omitempty"`
	// +optional
	ContainerImage string `json:"containerImage,omitempty"`
	// +optional
	Parameters map[string]string `json:"parameters,omitempty"`
	// +optional
	Rationale string `json:"rationale,omitempty"`
}

// ExecutionFailure is how the workflow failed.
type ExecutionFailure struct {
	// +optional
	// +kubebuilder:validation:Minimum=0
	FailedStepIndex int32 `json:"failedStepIndex,omitempty"`
	// +optional
	FailedStepName string `json:"failedStepName,omitempty"`
	// +required
	// +kubebuilder:validation:MinLength=1
	Reason string `json:"reason"`
	// +required
	Message string `json:"message"`
	// +optional
	ExitCode *int32 `json:"exitCode,omitempty"`
	// +optional
	FailedAt *metav1.Time `json:"failedAt,omitempty"`
	// ExecutionTime is how long the workflow ran, such as 2m30s.
	// +optional
	ExecutionTime string `json:"executionTime,omitempty"`
}

// RecoveryStatus is what was found out about the remedy that failed.
type RecoveryStatus struct {
	// +optional
	PreviousAttemptAssessment *PreviousAttemptAssessment `json:"previousAttemptAssessment,omitempty"`
	// StateChanged says that the incident is another one now.
	// +optional
	StateChanged bool `json:"stateChanged,omitempty"`
	// +optional
	CurrentSignalType string `json:"currentSignalType,omitempty"`
}

// PreviousAttemptAssessment tells why the remedy failed.
type PreviousAttemptAssessment struct {
	// +optional
	FailureUnderstood bool `json:"failureUnderstood,omitempty"`
	// +optional
	FailureReasonAnalysis string `json:"failureReasonAnalysis,omitempty"`
}

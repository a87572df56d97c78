package v1alpha1

// Phase is how far an analysis has come.
//
// +kubebuilder:validation:Enum=Pending;Investigating;Analyzing;Completed;Failed
type Phase string

// The phases, in order; an analysis ends as Completed or Failed.
const (
	PhasePending       Phase = "Pending"
	PhaseInvestigating Phase = "Investigating"
	PhaseAnalyzing     Phase = "Analyzing"
	PhaseCompleted     Phase = "Completed"
	PhaseFailed        Phase = "Failed"
)

// The reasons of an end, and of waiting for another try.
const (
	ReasonWorkflowNotNeeded        = "WorkflowNotNeeded"
	ReasonWorkflowResolutionFailed = "WorkflowResolutionFailed"
	ReasonRecoveryNotPossible      = "RecoveryNotPossible"
	ReasonNoWorkflowSelected       = "NoWorkflowSelected"
	ReasonRegoEvaluationError      = "RegoEvaluationError"
	ReasonTransientError           = "TransientError"
	ReasonAPIError                 = "APIError"
)

// SubReason says more of a reason.
//
// +kubebuilder:validation:Enum=WorkflowNotFound;ImageMismatch;ParameterValidationFailed;NoMatchingWorkflows;LowConfidence;LLMParsingError;ValidationError;TransientError;PermanentError;InvestigationInconclusive;ProblemResolved;MaxRetriesExceeded;RCAIncomplete;NoRecoveryStrategy
type SubReason string

// Every SubReason.
const (
	SubReasonWorkflowNotFound          SubReason = "WorkflowNotFound"
	SubReasonImageMismatch             SubReason = "ImageMismatch"
	SubReasonParameterValidationFailed SubReason = "ParameterValidationFailed"
	SubReasonNoMatchingWorkflows       SubReason = "NoMatchingWorkflows"
	SubReasonLowConfidence             SubReason = "LowConfidence"
	SubReasonLLMParsingError           SubReason = "LLMParsingError"
	SubReasonValidationError           SubReason = "ValidationError"
	SubReasonTransientError            SubReason = "TransientError"
	SubReasonPermanentError            SubReason = "PermanentError"
	SubReasonInvestigationInconclusive SubReason = "InvestigationInconclusive"
	SubReasonProblemResolved           SubReason = "ProblemResolved"
	SubReasonMaxRetriesExceeded        SubReason = "MaxRetriesExceeded"
	SubReasonRCAIncomplete             SubReason = "RCAIncomplete"
	SubReasonNoRecoveryStrategy        SubReason = "NoRecoveryStrategy"
)

// HumanReviewReason is why a person has to look at the analysis, in HolmesGPT's
// words.
//
// +kubebuilder:validation:Enum=workflow_not_found;image_mismatch;parameter_validation_failed;no_matching_workflows;low_confidence;llm_parsing_error;investigation_inconclusive;rca_incomplete
type HumanReviewReason string

// The reasons that the controller itself decides on.
const (
	ReviewNoMatchingWorkflows HumanReviewReason = "no_matching_workflows"
	ReviewLowConfidence       HumanReviewReason = "low_confidence"
)

// Types of conditions.
const (
	ConditionInvestigationComplete = "InvestigationComplete"
	ConditionAnalysisComplete      = "AnalysisComplete"
	ConditionWorkflowResolved      = "WorkflowResolved"
	ConditionApprovalRequired      = "ApprovalRequired"
	// ConditionAuditDelivered is False as long as DataStorage lacks an event.
	ConditionAuditDelivered = "AuditDelivered"
)

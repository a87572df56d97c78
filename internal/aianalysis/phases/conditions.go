package phases

import (
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/jordigilh/kubernaut/api/aianalysis/v1alpha1"
)

// Reasons of conditions.
const (
	InvestigationSucceeded = "InvestigationSucceeded"
	InvestigationFailed    = "InvestigationFailed"
	// HolmesGPTUnavailable is that of an investigation that will be tried again.
	HolmesGPTUnavailable   = "HolmesGPTUnavailable"
	AnalysisSucceeded      = "AnalysisSucceeded"
	AnalysisFailed         = "AnalysisFailed"
	WorkflowSelected       = "WorkflowSelected"
	PolicyRequiresApproval = "PolicyRequiresApproval"
	AutoApproved           = "AutoApproved"
	AuditStored            = "Stored"
	DataStorageUnavailable = "DataStorageUnavailable"
)

// SetCondition sets one condition of the analysis.
func SetCondition(analysis *v1alpha1.AIAnalysis, kind string, holds bool, reason, message string) {
	status := metav1.ConditionFalse
	if holds {
		status = metav1.ConditionTrue
	}
	meta.SetStatusCondition(&analysis.Status.Conditions, metav1.Condition{
		Type: kind, Status: status, Reason: reason, Message: message, ObservedGeneration: analysis.Generation,
	})
}

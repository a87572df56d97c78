package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// AIAnalysis is one analysis of one incident, or of a failed remedy.
//
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:path=aianalyses,singular=aianalysis,scope=Namespaced,categories=kubernaut
// +kubebuilder:printcolumn:name="Phase",type=string,JSONPath=`.status.phase`
// +kubebuilder:printcolumn:name="Confidence",type=number,format=float,JSONPath=`.status.selectedWorkflow.confidence`
// +kubebuilder:printcolumn:name="ApprovalRequired",type=boolean,JSONPath=`.status.approvalRequired`
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`
type AIAnalysis struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// +required
	Spec   AIAnalysisSpec   `json:"spec"`
	Status AIAnalysisStatus `json:"status,omitempty"`
}

// AIAnalysisList is a list of analyses.
//
// +kubebuilder:object:root=true
type AIAnalysisList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	Items           []AIAnalysis `json:"items"`
}

// CorrelationID is what the audit trail finds the remediation by.
func (a *AIAnalysis) CorrelationID() string {
	if name := a.Spec.RemediationRequestRef.Name; name != "" {
		return name
	}
	return a.Spec.RemediationID
}

// Ended tells whether nothing more will happen to the analysis.
func (a *AIAnalysis) Ended() bool {
	return a.Status.Phase == PhaseCompleted || a.Status.Phase == PhaseFailed
}

package approval

import (
	"github.com/jordigilh/kubernaut/api/aianalysis/v1alpha1"
)

// Input is what the policy is asked about; its JSON is the policy's `input`.
type Input struct {
	SignalType            string              `json:"signal_type"`
	Severity              string              `json:"severity"`
	Environment           string              `json:"environment"`
	BusinessPriority      string              `json:"business_priority"`
	TargetResource        TargetResource      `json:"target_resource"`
	DetectedLabels        map[string]any      `json:"detected_labels"`
	CustomLabels          map[string][]string `json:"custom_labels"`
	Confidence            float64             `json:"confidence"`
	TargetInOwnerChain    bool                `json:"target_in_owner_chain"`
	Warnings              []string            `json:"warnings"`
	FailedDetections      []string            `json:"failed_detections"`
	IsRecoveryAttempt     bool                `json:"is_recovery_attempt"`
	RecoveryAttemptNumber int32               `json:"recovery_attempt_number"`
}

// TargetResource is the object that the workflow would change.
type TargetResource struct {
	Kind      string `json:"kind"`
	Name      string `json:"name"`
	Namespace string `json:"namespace"`
}

// InputOf is that of an investigated analysis.
func InputOf(analysis *v1alpha1.AIAnalysis) Input {
	signal := analysis.Spec.AnalysisRequest.SignalContext
	enrichment, status := signal.EnrichmentResults, analysis.Status
	input := Input{
		SignalType: signal.SignalType, Severity: string(signal.Severity),
		Environment: signal.Environment, BusinessPriority: signal.BusinessPriority,
		TargetResource: TargetResource(signal.TargetResource),
		DetectedLabels: map[string]any{}, CustomLabels: enrichment.CustomLabels,
		TargetInOwnerChain: status.TargetInOwnerChain != nil && *status.TargetInOwnerChain,
		Warnings:           append([]string{}, status.Warnings...), FailedDetections: []string{},
		IsRecoveryAttempt: analysis.Spec.IsRecoveryAttempt,
	}
	if input.CustomLabels == nil {
		input.CustomLabels = map[string][]string{}
	}
	if status.SelectedWorkflow != nil {
		input.Confidence = status.SelectedWorkflow.Confidence
	}
	if number := analysis.Spec.RecoveryAttemptNumber; number != nil {
		input.RecoveryAttemptNumber = *number
	}
	if labels := enrichment.DetectedLabels; labels != nil {
		input.DetectedLabels = detected(labels)
		input.FailedDetections = append(input.FailedDetections, labels.FailedDetections...)
	}
	return input
}

func detected(labels *v1alpha1.DetectedLabels) map[string]any {
	return map[string]any{
		"git_ops_managed": labels.GitOpsManaged, "git_ops_tool": labels.GitOpsTool,
		"pdb_protected": labels.PDBProtected, "hpa_enabled": labels.HPAEnabled,
		"stateful": labels.Stateful, "helm_managed": labels.HelmManaged,
		"network_isolated": labels.NetworkIsolated, "service_mesh": labels.ServiceMesh,
	}
}

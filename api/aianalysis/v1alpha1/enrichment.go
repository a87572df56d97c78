package v1alpha1

import (
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
)

// EnrichmentResults are what is known of the target beside the signal.
type EnrichmentResults struct {
	// +optional
	KubernetesContext *KubernetesContext `json:"kubernetesContext,omitempty"`
	// +optional
	DetectedLabels *DetectedLabels `json:"detectedLabels,omitempty"`
	// OwnerChain leads from the target to its topmost owner.
	// +optional
	OwnerChain []OwnerChainEntry `json:"ownerChain,omitempty"`
	// +optional
	CustomLabels map[string][]string `json:"customLabels,omitempty"`
}

// KubernetesContext are the objects around the target; their details are passed
// on as they are.
type KubernetesContext struct {
	// +optional
	Namespace string `json:"namespace,omitempty"`
	// +optional
	NamespaceLabels map[string]string `json:"namespaceLabels,omitempty"`
	// +optional
	NamespaceAnnotations map[string]string `json:"namespaceAnnotations,omitempty"`
	// +optional
	// +kubebuilder:validation:XPreserveUnknownFields
	// +kubebuilder:validation:Type=object
	PodDetails *apiextensionsv1.JSON `json:"podDetails,omitempty"`
	// +optional
	// +kubebuilder:validation:XPreserveUnknownFields
	// +kubebuilder:validation:Type=object
	DeploymentDetails *apiextensionsv1.JSON `json:"deploymentDetails,omitempty"`
	// +optional
	// +kubebuilder:validation:XPreserveUnknownFields
	// +kubebuilder:validation:Type=object
	NodeDetails *apiextensionsv1.JSON `json:"nodeDetails,omitempty"`
	// +optional
	RelatedServices []string `json:"relatedServices,omitempty"`
	// +optional
	RelatedIngresses []string `json:"relatedIngresses,omitempty"`
	// +optional
	RelatedConfigMaps []string `json:"relatedConfigMaps,omitempty"`
}

// DetectedLabels are properties of the target that were found out.
type DetectedLabels struct {
	// FailedDetections names the fields below that could not be found out.
	// +optional
	// +kubebuilder:validation:items:Enum=gitOpsManaged;gitOpsTool;pdbProtected;hpaEnabled;stateful;helmManaged;networkIsolated;serviceMesh
	FailedDetections []string `json:"failedDetections,omitempty"`
	// +optional
	GitOpsManaged bool `json:"gitOpsManaged,omitempty"`
	// +optional
	// +kubebuilder:validation:Enum=argocd;flux;""
	GitOpsTool string `json:"gitOpsTool,omitempty"`
	// +optional
	PDBProtected bool `json:"pdbProtected,omitempty"`
	// +optional
	HPAEnabled bool `json:"hpaEnabled,omitempty"`
	// +optional
	Stateful bool `json:"stateful,omitempty"`
	// +optional
	HelmManaged bool `json:"helmManaged,omitempty"`
	// +optional
	NetworkIsolated bool `json:"networkIsolated,omitempty"`
	// +optional
	// +kubebuilder:validation:Enum=istio;linkerd;""
	ServiceMesh string `json:"serviceMesh,omitempty"`
}

// OwnerChainEntry is an owner, and the owner of an owner.
type OwnerChainEntry struct {
	// +optional
	Namespace string `json:"namespace,omitempty"`
	// +required
	Kind string `json:"kind"`
	// +required
	Name string `json:"name"`
}

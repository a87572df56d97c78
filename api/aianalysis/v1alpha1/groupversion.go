// Package v1alpha1 has the types of the AIAnalysis custom resource: what a
// remediation asks to be analysed, and what the analysis came to. The CRD in
// config/crd and the deep copies are generated from it.
//
// +kubebuilder:object:generate=true
// +groupName=kubernaut.ai
package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// GroupVersion is that of the types of this package.
var GroupVersion = schema.GroupVersion{Group: "kubernaut.ai", Version: "v1alpha1"}

// AddToScheme registers the types.
func AddToScheme(scheme *runtime.Scheme) error {
	scheme.AddKnownTypes(GroupVersion, &AIAnalysis{}, &AIAnalysisList{})
	metav1.AddToGroupVersion(scheme, GroupVersion)
	return nil
}

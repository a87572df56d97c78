package mustgather

import (
	"context"
	"fmt"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/yaml"
)

const rbac = "rbac.authorization.k8s.io"

// kinds are what explains who may do what; Secrets are none of them.
var kinds = map[string]schema.GroupVersionResource{
	"serviceaccounts":     {Version: "v1", Resource: "serviceaccounts"},
	"events":              {Version: "v1", Resource: "events"},
	"roles":               {Group: rbac, Version: "v1", Resource: "roles"},
	"rolebindings":        {Group: rbac, Version: "v1", Resource: "rolebindings"},
	"clusterrolebindings": {Group: rbac, Version: "v1", Resource: "clusterrolebindings"},
	"namespaces":          {Version: "v1", Resource: "namespaces"},
}

var clusterWide = map[string]bool{"clusterrolebindings": true, "namespaces": true}

func (g *gathering) objects(ctx context.Context) error {
	if g.stack.Kubeconfig == "" {
		return errNotUp
	}
	config, err := clientcmd.BuildConfigFromFlags("", g.stack.Kubeconfig)
	if err != nil {
		return err
	}
	config.Timeout = Limit
	client, err := dynamic.NewForConfig(config)
	if err != nil {
		return err
	}
	return each(kinds, func(name string, resource schema.GroupVersionResource) error {
		var in dynamic.ResourceInterface = client.Resource(resource).Namespace(g.stack.Namespace)
		if clusterWide[name] {
			in = client.Resource(resource)
		}
		list, err := in.List(ctx, metav1.ListOptions{})
		if err != nil {
			return err
		}
		return g.writeObjects(name, list.Items)
	})
}

func (g *gathering) writeObjects(name string, objects []unstructured.Unstructured) error {
	var text []byte
	for _, object := range objects {
		if clusterWide[name] && !concerns(object, g.stack.Namespace) {
			continue
		}
		object.SetManagedFields(nil)
		document, err := yaml.Marshal(object.Object)
		if err != nil {
			return fmt.Errorf("%s: %w", object.GetName(), err)
		}
		text = append(append(text, "---\n"...), document...)
	}
	return g.write("kubernetes/"+name+".yaml", text)
}

// concerns is true of the namespace itself and of bindings of its accounts.
func concerns(object unstructured.Unstructured, namespace string) bool {
	if object.GetKind() == "Namespace" {
		return object.GetName() == namespace
	}
	subjects, _, _ := unstructured.NestedSlice(object.Object, "subjects")
	for _, subject := range subjects {
		if fields, ok := subject.(map[string]any); ok && fields["namespace"] == namespace {
			return true
		}
	}
	return false
}

package suite

import (
	"encoding/json"
)

// Shared is what process 1 hands over to every process of a suite in Go. It has
// no secret: a token is read from its file, where it may be renewed.
type Shared struct {
	RunID string `json:"run_id"`
	// Root is the checkout.
	Root string `json:"root"`
	// Kubeconfig is the administrator's.
	Kubeconfig string `json:"kubeconfig"`
	// Namespace is that of the services.
	Namespace      string            `json:"namespace"`
	TokenFile      string            `json:"token_file"`
	DataStorageURL string            `json:"datastorage_url"`
	HolmesGPTURL   string            `json:"holmesgpt_url"`
	WorkflowIDs    map[string]string `json:"workflow_ids"`
}

// ReadShared reads what was handed over.
func ReadShared(data []byte) (Shared, error) {
	var shared Shared
	return shared, json.Unmarshal(data, &shared)
}

func (e *Environment) share() []byte {
	data, err := json.Marshal(Shared{
		RunID: e.stack.RunID, Root: e.settings.Root, Kubeconfig: e.stack.Kubeconfig, Namespace: e.stack.Namespace,
		TokenFile: e.stack.ClientTokenFile, DataStorageURL: e.stack.DataStorageURL, HolmesGPTURL: e.stack.HolmesGPTURL,
		WorkflowIDs: e.seeded.IDs,
	})
	must(err)
	return data
}

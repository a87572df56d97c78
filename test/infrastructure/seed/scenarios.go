package seed

import (
	"fmt"

	"sigs.k8s.io/yaml"

	"github.com/jordigilh/kubernaut/test/infrastructure/files"
)

// WriteScenarios writes the Mock LLM's file: workflow_name to workflow_id, sorted.
func WriteScenarios(path string, ids map[string]string) error {
	for name, id := range ids {
		if id == "" {
			return fmt.Errorf("scenarios: %s has no id", name)
		}
	}
	data, err := yaml.Marshal(map[string]map[string]string{"scenarios": ids})
	if err != nil {
		return fmt.Errorf("scenarios: %w", err)
	}
	return files.Write(path, data)
}

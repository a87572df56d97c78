package holmesgptapi

import (
	"context"
	"io"

	ogenclient "github.com/jordigilh/kubernaut/pkg/datastorage/ogen-client"
	"github.com/jordigilh/kubernaut/test/infrastructure/seed"
	"github.com/jordigilh/kubernaut/test/workflows"
)

// SeedTestWorkflowsInDataStorage posts every workflow of test/workflows once
// and returns workflow_name → workflow_id. It writes what was created, what
// existed and what failed to output; any failure is an error that names each
// failed workflow.
func SeedTestWorkflowsInDataStorage(client *ogenclient.Client, output io.Writer) (map[string]string, error) {
	all, err := workflows.All()
	if err != nil {
		return nil, err
	}
	result, err := seed.Seed(context.Background(), client, all, seed.Options{Output: output})
	return result.IDs, err
}

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
	result, err := seedWorkflows(context.Background(), client, seed.Options{Output: output})
	return result.IDs, err
}

func seedWorkflows(ctx context.Context, client *ogenclient.Client, options seed.Options) (seed.Result, error) {
	all, err := workflows.All()
	if err != nil {
		return seed.Result{}, err
	}
	return seed.Seed(ctx, client, all, options)
}

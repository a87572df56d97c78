package seed

import (
	"encoding/json"
	"fmt"

	"github.com/jordigilh/kubernaut/test/workflows"
)

// Bodies returns the request bodies that Seed posts, for clients in other languages.
func Bodies(all []workflows.Workflow) ([]json.RawMessage, error) {
	requests, err := inputs(all)
	if err != nil {
		return nil, err
	}
	bodies := make([]json.RawMessage, 0, len(requests))
	for _, request := range requests {
		body, err := request.MarshalJSON()
		if err != nil {
			return nil, fmt.Errorf("encode %s: %w", request.WorkflowName, err)
		}
		bodies = append(bodies, body)
	}
	return bodies, nil
}

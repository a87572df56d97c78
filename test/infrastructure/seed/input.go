package seed

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"

	ogenclient "github.com/jordigilh/kubernaut/pkg/datastorage/ogen-client"
	"github.com/jordigilh/kubernaut/test/workflows"
)

// inputs converts and checks all workflows, so that a wrong one stops the seed before its first POST.
func inputs(all []workflows.Workflow) ([]*ogenclient.WorkflowInput, error) {
	var problems []error
	converted := make([]*ogenclient.WorkflowInput, 0, len(all))
	seen := map[string]bool{}
	for _, w := range all {
		in := input(w)
		if seen[w.Name] {
			problems = append(problems, fmt.Errorf("%s occurs twice", w.Name))
		}
		seen[w.Name] = true
		if err := check(in); err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", w.Name, err))
		}
		converted = append(converted, in)
	}
	if len(all) == 0 {
		problems = append(problems, errors.New("there are no workflows"))
	}
	if len(problems) > 0 {
		return nil, fmt.Errorf("nothing was seeded: %w", errors.Join(problems...))
	}
	return converted, nil
}

func check(in *ogenclient.WorkflowInput) error {
	sum := sha256.Sum256([]byte(in.Content))
	if hex.EncodeToString(sum[:]) != in.ContentHash {
		return errors.New("content_hash is not the SHA-256 of content")
	}
	return in.Validate()
}

func input(w workflows.Workflow) *ogenclient.WorkflowInput {
	return &ogenclient.WorkflowInput{
		WorkflowName:    w.Name,
		Version:         w.Version,
		Name:            w.Title,
		Description:     w.Description,
		Content:         w.Content(),
		ContentHash:     w.ContentHash(),
		Labels:          labels(w.Labels),
		ExecutionEngine: w.Engine,
		Status:          ogenclient.Status(w.Status),
		Owner:           optional(w.Owner),
		Maintainer:      optional(w.Maintainer),
		Parameters:      parameters(w.Parameters),
		ContainerImage:  optional(w.ContainerImage()),
		ContainerDigest: optional(w.ContainerDigest()),
	}
}

func labels(l workflows.Labels) ogenclient.Labels {
	environments := make([]ogenclient.Environment, 0, len(l.Environment))
	for _, environment := range l.Environment {
		environments = append(environments, ogenclient.Environment(environment))
	}
	return ogenclient.Labels{
		SignalType:  l.SignalType,
		Severity:    ogenclient.Severity(l.Severity),
		Component:   l.Component,
		Environment: environments,
		Priority:    ogenclient.Priority(l.Priority),
	}
}

func parameters(list []workflows.Parameter) ogenclient.OptParameterSchema {
	converted := make([]ogenclient.Parameter, 0, len(list))
	for _, p := range list {
		converted = append(converted, ogenclient.Parameter{
			Name:        p.Name,
			Type:        ogenclient.ParameterType(p.Type),
			Required:    p.Required,
			Description: p.Description,
			Default:     optional(p.Default),
			Enum:        p.Enum,
			Pattern:     optional(p.Pattern),
		})
	}
	return ogenclient.NewOptParameterSchema(ogenclient.ParameterSchema{
		Schema: ogenclient.ParameterSchemaSchema{Parameters: converted},
	})
}

func optional(text string) ogenclient.OptString {
	return ogenclient.OptString{Value: text, Set: text != ""}
}

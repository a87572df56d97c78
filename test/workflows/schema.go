package workflows

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

var (
	severities     = []string{"critical", "high", "medium", "low"}
	environments   = []string{"production", "staging", "development", "test", "*"}
	priorities     = []string{"P0", "P1", "P2", "P3", "*"}
	statuses       = []string{"active", "disabled", "deprecated", "archived"}
	parameterTypes = []string{"string", "integer", "number", "boolean"}
	bundle         = regexp.MustCompile(`^[^@\s]+@sha256:[0-9a-f]{64}$`)
)

// schema is the WorkflowSchema form of a file.
type schema struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Metadata   struct {
		Name         string `json:"name"`
		Version      string `json:"version"`
		Title        string `json:"title"`
		Description  string `json:"description"`
		WhenToUse    string `json:"whenToUse"`
		WhenNotToUse string `json:"whenNotToUse"`
		Owner        string `json:"owner"`
		Maintainer   string `json:"maintainer"`
	} `json:"metadata"`
	Labels    Labels `json:"labels"`
	Status    string `json:"status"`
	Execution struct {
		Engine string `json:"engine"`
		Bundle string `json:"bundle"`
	} `json:"execution"`
	Parameters []Parameter `json:"parameters"`
	Steps      []struct {
		Name string `json:"name"`
		Run  string `json:"run"`
	} `json:"steps"`
	Verification string `json:"verification"`
	Rollback     string `json:"rollback"`
}

func (s schema) workflow(content string) Workflow {
	return Workflow{
		Name:        s.Metadata.Name,
		Version:     s.Metadata.Version,
		Title:       s.Metadata.Title,
		Description: s.Metadata.Description,
		Owner:       s.Metadata.Owner,
		Maintainer:  s.Metadata.Maintainer,
		Labels:      s.Labels,
		Engine:      s.Execution.Engine,
		Status:      s.Status,
		Parameters:  s.Parameters,
		bundle:      s.Execution.Bundle,
		content:     content,
	}
}

// problems lists what is wrong with a file of this name, field by field.
func (s schema) problems(file string) []string {
	var found []string
	is := func(field, value, want string) {
		if value != want {
			found = append(found, fmt.Sprintf("%s is %q, expected %q", field, value, want))
		}
	}
	given := func(field, value string) {
		if strings.TrimSpace(value) == "" {
			found = append(found, field+" is empty")
		}
	}
	oneOf := func(field, value string, allowed []string) {
		if !slices.Contains(allowed, value) {
			found = append(found, fmt.Sprintf("%s is %q, expected one of %s", field, value, strings.Join(allowed, ", ")))
		}
	}
	is("apiVersion", s.APIVersion, "kubernaut.io/v1alpha1")
	is("kind", s.Kind, "WorkflowSchema")
	is("metadata.name", s.Metadata.Name, file)
	given("metadata.version", s.Metadata.Version)
	given("metadata.title", s.Metadata.Title)
	given("metadata.description", s.Metadata.Description)
	given("labels.signal_type", s.Labels.SignalType)
	given("labels.component", s.Labels.Component)
	oneOf("labels.severity", s.Labels.Severity, severities)
	oneOf("labels.priority", s.Labels.Priority, priorities)
	oneOf("status", s.Status, statuses)
	is("execution.engine", s.Execution.Engine, "tekton")
	if len(s.Labels.Environment) == 0 {
		found = append(found, "labels.environment is empty")
	}
	for i, environment := range s.Labels.Environment {
		oneOf(fmt.Sprintf("labels.environment[%d]", i), environment, environments)
	}
	for i, parameter := range s.Parameters {
		given(fmt.Sprintf("parameters[%d].name", i), parameter.Name)
		oneOf(fmt.Sprintf("parameters[%d].type", i), parameter.Type, parameterTypes)
	}
	if !bundle.MatchString(s.Execution.Bundle) {
		found = append(found, "execution.bundle is not of the form image@sha256:<64 hex digits>")
	}
	if len(s.Steps) == 0 {
		found = append(found, "steps is empty")
	}
	return found
}

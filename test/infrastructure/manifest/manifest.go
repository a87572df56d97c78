// Package manifest writes and reads the record of what a suite seeded.
package manifest

import (
	"cmp"
	"slices"
	"time"
)

// SchemaVersion is the only schema that this package reads and writes.
const SchemaVersion = 1

// Outcome says what happened to a workflow.
type Outcome string

// The three outcomes of posting a workflow.
const (
	Created  Outcome = "created"
	Existing Outcome = "existing"
	Failed   Outcome = "failed"
)

// Manifest is one run's record; api/workflow-manifest.schema.json describes its JSON.
type Manifest struct {
	SchemaVersion int         `json:"schema_version"`
	RunID         string      `json:"run_id"`
	CreatedAt     time.Time   `json:"created_at"`
	Services      Services    `json:"services"`
	Credentials   Credentials `json:"credentials"`
	Workflows     []Workflow  `json:"workflows"`
	Summary       Summary     `json:"summary"`
}

// Services are the addresses of the stack.
type Services struct {
	DataStorage Service `json:"datastorage"`
	HAPI        Service `json:"hapi"`
	MockLLM     Service `json:"mock_llm"`
}

// Service is one address.
type Service struct {
	URL string `json:"url"`
}

// Credentials name the file that holds the caller's token, never the token.
type Credentials struct {
	TokenFile string `json:"token_file"`
}

// Workflow is one seeded workflow.
type Workflow struct {
	WorkflowName string   `json:"workflow_name"`
	Version      string   `json:"version"`
	Environments []string `json:"environments"`
	WorkflowID   string   `json:"workflow_id"`
	ContentHash  string   `json:"content_hash"`
	Outcome      Outcome  `json:"outcome"`
}

// Summary counts the workflows by outcome.
type Summary struct {
	Created  int `json:"created"`
	Existing int `json:"existing"`
	Failed   int `json:"failed"`
	Total    int `json:"total"`
}

// Key identifies a workflow: its name and version.
func (w Workflow) Key() string {
	return w.WorkflowName + "@" + w.Version
}

// Summarize counts workflows by outcome.
func Summarize(workflows []Workflow) Summary {
	summary := Summary{Total: len(workflows)}
	for _, w := range workflows {
		switch w.Outcome {
		case Created:
			summary.Created++
		case Existing:
			summary.Existing++
		case Failed:
			summary.Failed++
		}
	}
	return summary
}

// IDs maps workflow_name to workflow_id.
func (m Manifest) IDs() map[string]string {
	ids := make(map[string]string, len(m.Workflows))
	for _, w := range m.Workflows {
		ids[w.WorkflowName] = w.WorkflowID
	}
	return ids
}

func (m Manifest) sorted() Manifest {
	m.Workflows = slices.Clone(m.Workflows)
	if m.Workflows == nil {
		m.Workflows = []Workflow{}
	}
	for i, w := range m.Workflows {
		environments := slices.Clone(w.Environments)
		slices.Sort(environments)
		m.Workflows[i].Environments = environments
	}
	slices.SortFunc(m.Workflows, func(a, b Workflow) int { return cmp.Compare(a.Key(), b.Key()) })
	m.CreatedAt = m.CreatedAt.UTC()
	return m
}

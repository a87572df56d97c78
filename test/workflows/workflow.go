package workflows

import "strings"

// Key names one workflow. The name alone is not unique.
type Key struct {
	Name    string
	Version string
}

// Labels decide which signals a workflow answers.
type Labels struct {
	SignalType  string   `json:"signal_type"`
	Severity    string   `json:"severity"`
	Component   string   `json:"component"`
	Environment []string `json:"environment"`
	Priority    string   `json:"priority"`
}

// Parameter is one value that a workflow's execution takes.
type Parameter struct {
	Name        string   `json:"name"`
	Type        string   `json:"type"`
	Required    bool     `json:"required"`
	Description string   `json:"description"`
	Default     string   `json:"default,omitempty"`
	Enum        []string `json:"enum,omitempty"`
	Pattern     string   `json:"pattern,omitempty"`
}

// Workflow is one file of this folder.
type Workflow struct {
	Name        string
	Version     string
	Title       string
	Description string
	Owner       string
	Maintainer  string
	Labels      Labels
	Engine      string
	Status      string
	Parameters  []Parameter

	bundle  string
	content string
}

// Key returns name and version.
func (w Workflow) Key() Key { return Key{Name: w.Name, Version: w.Version} }

// Content is the file's text.
func (w Workflow) Content() string { return w.content }

// ContainerImage is the execution bundle without its digest.
func (w Workflow) ContainerImage() string {
	image, _, _ := strings.Cut(w.bundle, "@")
	return image
}

// ContainerDigest is the digest of the execution bundle.
func (w Workflow) ContainerDigest() string {
	_, digest, _ := strings.Cut(w.bundle, "@")
	return digest
}

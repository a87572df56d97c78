package manifest

import (
	"fmt"
	"net/url"
	"regexp"
)

var (
	workflowName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)
	contentHash  = regexp.MustCompile(`^[0-9a-f]{64}$`)
)

const seedAgain = "seed again to write a new one"

// FieldError names the field that is wrong and what repairs it.
type FieldError struct {
	Field  string
	Reason string
	Remedy string
}

func (e *FieldError) Error() string {
	return fmt.Sprintf("field %s %s; %s", e.Field, e.Reason, e.Remedy)
}

func wrong(remedy, field, reason string, args ...any) error {
	return &FieldError{Field: field, Reason: fmt.Sprintf(reason, args...), Remedy: remedy}
}

// Validate reports the first field that does not follow the schema.
func (m Manifest) Validate() error {
	if m.SchemaVersion != SchemaVersion {
		return wrong("use a reader of the same version, or "+seedAgain, "schema_version", "is %d, not %d", m.SchemaVersion, SchemaVersion)
	}
	if m.RunID == "" {
		return wrong(seedAgain, "run_id", "is empty")
	}
	if m.CreatedAt.IsZero() {
		return wrong(seedAgain, "created_at", "is missing")
	}
	if err := m.Services.validate(); err != nil {
		return err
	}
	if m.Credentials.TokenFile == "" {
		return wrong(seedAgain, "credentials.token_file", "is empty")
	}
	if err := validateWorkflows(m.Workflows); err != nil {
		return err
	}
	return m.validateSummary()
}

func (s Services) validate() error {
	services := []struct{ field, url string }{
		{"services.datastorage.url", s.DataStorage.URL},
		{"services.hapi.url", s.HAPI.URL},
		{"services.mock_llm.url", s.MockLLM.URL},
	}
	for _, service := range services {
		parsed, err := url.Parse(service.url)
		if err != nil || parsed.Host == "" || (parsed.Scheme != "http" && parsed.Scheme != "https") {
			return wrong(seedAgain, service.field, "is %q, not an http URL", service.url)
		}
	}
	return nil
}

func validateWorkflows(workflows []Workflow) error {
	keys, ids := map[string]int{}, map[string]int{}
	for i, w := range workflows {
		field := fmt.Sprintf("workflows[%d]", i)
		if err := w.validate(field); err != nil {
			return err
		}
		if first, taken := keys[w.Key()]; taken {
			return wrong(seedAgain, field+".workflow_name", "repeats %s of workflows[%d]", w.Key(), first)
		}
		keys[w.Key()] = i
		if w.WorkflowID == "" {
			continue
		}
		if first, taken := ids[w.WorkflowID]; taken {
			return wrong(seedAgain, field+".workflow_id", "repeats the id of workflows[%d] (%s)", first, w.WorkflowID)
		}
		ids[w.WorkflowID] = i
	}
	return nil
}

func (w Workflow) validate(field string) error {
	switch {
	case !workflowName.MatchString(w.WorkflowName):
		return wrong(seedAgain, field+".workflow_name", "is %q", w.WorkflowName)
	case w.Version == "":
		return wrong(seedAgain, field+".version", "is empty")
	case len(w.Environments) == 0:
		return wrong(seedAgain, field+".environments", "is empty")
	case !contentHash.MatchString(w.ContentHash):
		return wrong(seedAgain, field+".content_hash", "is %q, not a SHA-256 in hex", w.ContentHash)
	case w.Outcome != Created && w.Outcome != Existing && w.Outcome != Failed:
		return wrong(seedAgain, field+".outcome", "is %q, not created, existing or failed", w.Outcome)
	case w.WorkflowID == "" && w.Outcome != Failed:
		return wrong(seedAgain, field+".workflow_id", "is empty though %s is %s", w.WorkflowName, w.Outcome)
	}
	return nil
}

func (m Manifest) validateSummary() error {
	counted := Summarize(m.Workflows)
	for _, c := range []struct {
		field      string
		said, real int
	}{
		{"total", m.Summary.Total, counted.Total},
		{"created", m.Summary.Created, counted.Created},
		{"existing", m.Summary.Existing, counted.Existing},
		{"failed", m.Summary.Failed, counted.Failed},
	} {
		if c.said != c.real {
			return wrong(seedAgain, "summary."+c.field, "is %d, but workflows has %d", c.said, c.real)
		}
	}
	return nil
}

// Complete reports a manifest with failed workflows or with none.
func (m Manifest) Complete() error {
	if m.Summary.Failed > 0 {
		return wrong("repair the cause in the DataStorage log and seed again", "summary.failed", "is %d of %d", m.Summary.Failed, m.Summary.Total)
	}
	if m.Summary.Total == 0 {
		return wrong(seedAgain, "workflows", "is empty")
	}
	return nil
}

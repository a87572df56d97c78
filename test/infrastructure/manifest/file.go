package manifest

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/jordigilh/kubernaut/test/infrastructure/files"
)

// Write validates the manifest and replaces path with it in one step.
func Write(path string, m Manifest) error {
	m = m.sorted()
	if err := m.Validate(); err != nil {
		return fmt.Errorf("manifest %s not written: %w", path, err)
	}
	data, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return fmt.Errorf("manifest %s not written: %w", path, err)
	}
	return files.Write(path, append(data, '\n'))
}

// Read returns the complete manifest of the run runID; an empty runID accepts any run.
func Read(path, runID string) (Manifest, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Manifest{}, fmt.Errorf("manifest %s is missing; seed first, or correct WORKFLOW_MANIFEST", path)
	}
	if err != nil {
		return Manifest{}, fmt.Errorf("manifest %s cannot be read: %w", path, err)
	}
	m, err := parse(data)
	if err == nil {
		err = m.belongs(runID)
	}
	if err != nil {
		return Manifest{}, fmt.Errorf("manifest %s: %w", path, err)
	}
	return m, nil
}

// parse looks at schema_version first: other schemas may have other types.
func parse(data []byte) (Manifest, error) {
	var head struct {
		SchemaVersion json.RawMessage `json:"schema_version"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return Manifest{}, jsonError(err)
	}
	if version := string(head.SchemaVersion); version != fmt.Sprint(SchemaVersion) {
		if version == "" {
			version = "missing"
		}
		return Manifest{}, wrong("use a reader of the same version, or "+seedAgain, "schema_version", "is %s, not %d", version, SchemaVersion)
	}
	var m Manifest
	decoder := json.NewDecoder(strings.NewReader(string(data)))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&m); err != nil {
		return Manifest{}, jsonError(err)
	}
	return m, nil
}

func jsonError(err error) error {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &kind) && kind.Field != "":
		return wrong(seedAgain, kind.Field, "is a %s", kind.Value)
	case errors.As(err, &syntax), errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("the document is truncated or no JSON (%w); %s", err, seedAgain)
	}
	return fmt.Errorf("the document does not follow the schema (%w); %s", err, seedAgain)
}

func (m Manifest) belongs(runID string) error {
	if runID != "" && m.RunID != runID {
		return wrong("seed this run, or correct SUITE_RUN_ID", "run_id", "is %q, not this run's %q", m.RunID, runID)
	}
	if err := m.Validate(); err != nil {
		return err
	}
	return m.Complete()
}

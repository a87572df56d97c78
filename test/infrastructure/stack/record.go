package stack

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/jordigilh/kubernaut/test/infrastructure/files"
	"github.com/jordigilh/kubernaut/test/infrastructure/provider"
)

// record is stack.json: a stack that outlives its runner. Its processes carry
// the mark of RunID, the run that made it.
type record struct {
	RunID     string                   `json:"run_id"`
	Provider  string                   `json:"provider"`
	Dir       string                   `json:"dir"`
	Namespace string                   `json:"namespace"`
	Parts     map[string]provider.Kept `json:"parts"`
}

// record describes what runs now; before the first part starts it names the
// run alone, so that a runner that is killed meanwhile leaves a trace.
func (s *Stack) record() record {
	r := record{RunID: s.owner, Provider: s.place.Name(), Dir: s.Dir, Namespace: s.Namespace,
		Parts: map[string]provider.Kept{}}
	for _, part := range s.kept {
		r.Parts[part.Name()] = part.Save()
	}
	return r
}

func (s *Stack) save() error { return s.claim.save(s.record()) }

func (c *claim) load() (*record, error) {
	data, err := os.ReadFile(c.path())
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	r := &record{}
	if err := json.Unmarshal(data, r); err != nil {
		return nil, fmt.Errorf("read %s: %w", c.path(), err)
	}
	return r, nil
}

func (c *claim) save(r record) error {
	data, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	return files.Write(c.path(), data)
}

func (c *claim) forget() error {
	if err := os.Remove(c.path()); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

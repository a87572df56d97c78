// Package workflows is the one list of test workflows. Every suite seeds from
// it; what a workflow's file says is also its content.
package workflows

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"sort"
	"strings"

	"sigs.k8s.io/yaml"
)

//go:embed *.yaml
var files embed.FS

// All returns the workflows of this folder, sorted by name.
func All() ([]Workflow, error) {
	all, err := Load(files)
	if err != nil {
		return nil, fmt.Errorf("test/workflows: %w", err)
	}
	return all, nil
}

// Load reads every .yaml file of a folder. The error joins all problems, each
// with its file and field, so that one run shows them all.
func Load(folder fs.FS) ([]Workflow, error) {
	names, err := fs.Glob(folder, "*.yaml")
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		return nil, errors.New("no workflow file found")
	}
	var (
		all   []Workflow
		wrong []error
		seen  = map[Key]string{}
	)
	for _, name := range names {
		workflow, err := read(folder, name)
		if err != nil {
			wrong = append(wrong, err)
			continue
		}
		if other, twice := seen[workflow.Key()]; twice {
			wrong = append(wrong, fmt.Errorf("%s: metadata.name and version are those of %s", name, other))
		}
		seen[workflow.Key()] = name
		all = append(all, workflow)
	}
	if len(wrong) > 0 {
		return nil, fmt.Errorf("correct what is named; api/%s describes the form:\n%w", schemaFile, errors.Join(wrong...))
	}
	sort.Slice(all, func(i, j int) bool { return all[i].Name < all[j].Name })
	return all, nil
}

func read(folder fs.FS, name string) (Workflow, error) {
	text, err := fs.ReadFile(folder, name)
	if err != nil {
		return Workflow{}, fmt.Errorf("%s: %w", name, err)
	}
	document, err := decode(text)
	if err != nil {
		return Workflow{}, fmt.Errorf("%s: is not valid YAML: %w", name, err)
	}
	wrong, err := problems(document)
	if err != nil {
		return Workflow{}, err
	}
	if len(wrong) > 0 {
		return Workflow{}, fmt.Errorf("%s: %s", name, strings.Join(wrong, "; "))
	}
	var read form
	if err := yaml.Unmarshal(text, &read); err != nil {
		return Workflow{}, fmt.Errorf("%s: %w", name, err)
	}
	if stem := strings.TrimSuffix(path.Base(name), ".yaml"); read.Metadata.Name != stem {
		return Workflow{}, fmt.Errorf("%s: metadata.name is %q, expected %q", name, read.Metadata.Name, stem)
	}
	return read.workflow(string(text)), nil
}

// ContentHash is the SHA-256 of the content in hex.
func (w Workflow) ContentHash() string {
	sum := sha256.Sum256([]byte(w.content))
	return hex.EncodeToString(sum[:])
}

package stack

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
)

// Options describe one run. An empty Namespace means that of deploy/rbac.
type Options struct {
	RunID, ReportDir, Python, RepoRoot, Namespace string
	// Without are services that are left out.
	Without []string
	// Env comes on top of what the stack itself sets, by the name of a service.
	Env  map[string][]string
	Keep bool
	// Durable makes the database wait for the disk, as in production.
	Durable  bool
	Progress io.Writer
	// Observe is told of every step; nil means that nobody asks.
	Observe Observer
}

// Observer is told of a step as it begins; the function that it returns is
// told how the step ended. Steps run side by side.
type Observer func(step string) (ended func(error))

// ParseWithout reads a list of services separated by commas, such as
// "hapi,mock-llm"; an empty list names nothing.
func ParseWithout(list string) ([]string, error) {
	var parsed []string
	for word := range strings.SplitSeq(list, ",") {
		word = strings.TrimSpace(word)
		if word == "" {
			continue
		}
		i := slices.IndexFunc(members, func(m member) bool { return word == m.Name || word == m.Alias })
		if i < 0 {
			return nil, fmt.Errorf("%q is not a service that can be left out: expected %s", word, strings.Join(services(), ", "))
		}
		parsed = append(parsed, members[i].Name)
	}
	return parsed, nil
}

func services() []string {
	var names []string
	for _, one := range members {
		names = append(names, one.Name)
	}
	return names
}

func (o Options) lacks(service string) bool { return slices.Contains(o.Without, service) }

func (o Options) check() error {
	if o.Keep && len(o.Without)+len(o.Env) > 0 {
		return errors.New("a kept stack has every part with its default settings: do not combine Keep with Without or Env")
	}
	return nil
}

func (o Options) logDir() string { return filepath.Join(o.ReportDir, "logs") }

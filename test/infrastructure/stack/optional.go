package stack

import (
	"fmt"
	"slices"
	"strings"
)

// Optional names a service that a run may do without.
type Optional string

// The services that nothing else of the stack needs.
const (
	HAPI    Optional = holmesGPT
	MockLLM Optional = mockLLM
)

// shortNames are the names of the manifest.
var shortNames = map[string]Optional{"hapi": HAPI, "mock-llm": MockLLM}

// ParseOptional reads a list of names separated by commas, such as
// "hapi,mock-llm"; an empty list names nothing.
func ParseOptional(list string) ([]Optional, error) {
	var parsed []Optional
	for name := range strings.SplitSeq(list, ",") {
		name = strings.TrimSpace(name)
		if name == "" {
			continue
		}
		part, known := shortNames[name]
		if !known {
			return nil, fmt.Errorf("%q is no part to do without: expected hapi or mock-llm", name)
		}
		parsed = append(parsed, part)
	}
	return parsed, nil
}

func (s *Stack) lacks(part Optional) bool { return slices.Contains(s.Without, part) }

package stack

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Optional names a service that a run may do without.
type Optional string

// The services. DataStorage stands for its database, too.
const (
	DataStorage Optional = dataStorage
	HAPI        Optional = holmesGPT
	MockLLM     Optional = mockLLM
)

var shortNames = map[string]Optional{"datastorage": DataStorage, "hapi": HAPI, "mock-llm": MockLLM}

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
			return nil, fmt.Errorf("%q is no part to do without: expected datastorage, hapi or mock-llm", name)
		}
		parsed = append(parsed, part)
	}
	return parsed, nil
}

func (s *Stack) lacks(part Optional) bool { return slices.Contains(s.Without, part) }

func (o Options) check() error {
	without := func(part Optional) bool { return slices.Contains(o.Without, part) }
	switch {
	case o.Keep && len(o.Without)+len(o.DataStorageEnv) > 0:
		return errors.New("a kept stack has every part with its default settings: do not combine Keep with Without or DataStorageEnv")
	case without(DataStorage) && !without(HAPI):
		return fmt.Errorf("%s needs %s: leave both out, or none", HAPI, DataStorage)
	}
	return nil
}

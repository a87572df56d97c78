// Package selection is how a suite is told to run a part of its tests: a shard
// of them, or what an earlier run has left. Identity stays whole: tests are named
// by node ids in JSON, never by patterns.
package selection

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
)

const (
	// EarlierVariable names a file with the tests that need not run again: a JSON
	// array of node ids.
	EarlierVariable = "GINKGOPYTEST_EARLIER"
	// ShardVariable says which part of how many is run, such as 1/3.
	ShardVariable = "GINKGOPYTEST_SHARD"
)

// Part is what of a collection runs; the zero value is all of it.
type Part struct {
	Shard Shard
	// Earlier are the tests that passed before; nil when the run does not go on
	// with another.
	Earlier []string
}

// Shard is part Index, from 1, of Of; the zero value is everything.
type Shard struct{ Index, Of int }

func (s Shard) String() string {
	if s == (Shard{}) {
		return ""
	}
	return fmt.Sprintf("%d/%d", s.Index, s.Of)
}

var shardForm = regexp.MustCompile(`^([0-9]{1,6})/([0-9]{1,6})$`)

// ParseShard reads the form 1/3.
func ParseShard(text string) (Shard, error) {
	parts := shardForm.FindStringSubmatch(text)
	if parts == nil {
		return Shard{}, fmt.Errorf("shard %q: write which part of how many, such as 1/3", text)
	}
	index, _ := strconv.Atoi(parts[1])
	of, _ := strconv.Atoi(parts[2])
	if index < 1 || index > of {
		return Shard{}, fmt.Errorf("shard %s: of %d parts the first is 1 and the last %d", text, of, of)
	}
	return Shard{index, of}, nil
}

// FromEnvironment is the part that the variables ask for.
func FromEnvironment(getenv func(string) string) (part Part, err error) {
	if text := getenv(ShardVariable); text != "" {
		if part.Shard, err = ParseShard(text); err != nil {
			return Part{}, fmt.Errorf("%s: %w", ShardVariable, err)
		}
	}
	path := getenv(EarlierVariable)
	if path == "" {
		return part, nil
	}
	text, err := os.ReadFile(path)
	if err == nil {
		part.Earlier = []string{}
		err = json.Unmarshal(text, &part.Earlier)
	}
	if err != nil {
		return Part{}, fmt.Errorf("%s: %s must be a JSON array of node ids: %w", EarlierVariable, path, err)
	}
	return part, nil
}

// All says that everything runs.
func (p Part) All() bool { return p.Shard == Shard{} && p.Earlier == nil }

// Of are those of the tests that run. Shards deal the sorted node ids out in
// turn, so that each machine makes the same parts whatever order it collects in.
func (p Part) Of(nodeIDs []string) map[string]bool {
	sorted := slices.Compact(slices.Sorted(slices.Values(nodeIDs)))
	chosen := make(map[string]bool, len(sorted))
	for i, nodeID := range sorted {
		if p.Shard.Of == 0 || i%p.Shard.Of == p.Shard.Index-1 {
			chosen[nodeID] = true
		}
	}
	for _, nodeID := range p.Earlier {
		delete(chosen, nodeID)
	}
	return chosen
}

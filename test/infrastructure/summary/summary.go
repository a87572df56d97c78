// Package summary records the measured figures of one run.
package summary

import (
	"encoding/json"
	"fmt"

	"github.com/jordigilh/kubernaut/test/infrastructure/files"
)

// Summary is the content of summary.json.
type Summary struct {
	RunID    string  `json:"run_id"`
	Provider string  `json:"provider"`
	Workers  int     `json:"workers"`
	Phases   []Phase `json:"phases"`
	Seed     Seed    `json:"seed"`
	Auth     Auth    `json:"auth"`
	Pytest   Pytest  `json:"pytest"`
	Ginkgo   Ginkgo  `json:"ginkgo"`
	// Memory is the peak resident size of each part of the stack in bytes.
	Memory map[string]int64 `json:"memory"`
}

// Phase is one step of the run, in seconds since the run's start.
type Phase struct {
	Name    string  `json:"name"`
	StartS  float64 `json:"start_s"`
	Seconds float64 `json:"seconds"`
}

// Seed counts workflows by outcome, and the requests that DataStorage saw.
type Seed struct {
	Created      int     `json:"created"`
	Existing     int     `json:"existing"`
	Failed       int     `json:"failed"`
	Total        int     `json:"total"`
	PostRequests int     `json:"post_requests"`
	Seconds      float64 `json:"seconds"`
}

// Auth counts reviews that the API server saw, and refusals by the services.
type Auth struct {
	TokenReviews  int `json:"token_reviews"`
	AccessReviews int `json:"access_reviews"`
	Unauthorized  int `json:"unauthorized"`
	Unavailable   int `json:"unavailable"`
}

// Pytest counts tests by outcome.
type Pytest struct {
	Passed  int     `json:"passed"`
	Failed  int     `json:"failed"`
	Errors  int     `json:"errors"`
	Skipped int     `json:"skipped"`
	Seconds float64 `json:"seconds"`
}

// Ginkgo counts specs by state.
type Ginkgo struct {
	Ran     int `json:"ran"`
	Passed  int `json:"passed"`
	Failed  int `json:"failed"`
	Pending int `json:"pending"`
	Skipped int `json:"skipped"`
}

// Write replaces path in one step.
func Write(path string, s Summary) error {
	if s.Phases == nil {
		s.Phases = []Phase{}
	}
	s.Phases = byStart(s.Phases)
	if s.Memory == nil {
		s.Memory = map[string]int64{}
	}
	data, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return fmt.Errorf("summary: %w", err)
	}
	return files.Write(path, append(data, '\n'))
}

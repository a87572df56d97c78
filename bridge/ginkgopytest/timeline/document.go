package timeline

import "github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"

// Groups of lanes, from top to bottom.
const (
	groupInfrastructure = "infrastructure"
	groupSeed           = "seed"
	groupSuite          = "suite"
	groupTests          = "tests"
	groupSpecs          = "specs"
)

// Document is what the page draws; times are seconds from the first event.
type Document struct {
	Suite   string  `json:"suite"`
	RunID   string  `json:"run_id"`
	Outcome string  `json:"outcome"`
	Started float64 `json:"started"`
	Seconds float64 `json:"seconds"`
	Pytest  string  `json:"pytest"`
	Python  string  `json:"python"`
	// Notes are what a reader must know before anything else.
	Notes []string `json:"notes"`
	// Counts are tests by outcome, each test once.
	Counts map[string]int `json:"counts"`
	Lanes  []Lane         `json:"lanes"`
	// Bars are in the order of their start; a bar's ID is its index.
	Bars []Bar `json:"bars"`
	// FirstTest is when the first test started; nil without tests.
	FirstTest *float64 `json:"first_test"`
	Critical  []Step   `json:"critical"`
	Slowest   []int    `json:"slowest"`
	Failures  []int    `json:"failures"`
	// History has the past of tests that did not always do the same, by node id.
	History map[string]Past `json:"history,omitempty"`
}

// Past is what earlier runs tell of a test: a letter for each outcome, oldest
// first, as pytest has them, how often it changed, and whether it did so without
// a change of the source.
type Past struct {
	Outcomes string `json:"outcomes"`
	Flips    int    `json:"flips"`
	Flaky    bool   `json:"flaky"`
}

// Lane is one line of the page, or several rows when its bars overlap.
type Lane struct {
	Group string `json:"group"`
	Name  string `json:"name"`
	Rows  int    `json:"rows"`
	// Busy is the share of the test window that a worker spent in tests.
	Busy *float64 `json:"busy,omitempty"`
	// Up and Down are a worker's life; Error says how it died.
	Up    *float64 `json:"up,omitempty"`
	Down  *float64 `json:"down,omitempty"`
	Error string   `json:"error,omitempty"`
}

// Bar is a span, one attempt of a test, or a spec.
type Bar struct {
	ID      int     `json:"id"`
	Lane    int     `json:"lane"`
	Row     int     `json:"row"`
	Name    string  `json:"name"`
	Start   float64 `json:"start"`
	End     float64 `json:"end"`
	Outcome string  `json:"outcome"`
	// State is Ginkgo's own word for a spec's outcome.
	State    string      `json:"state,omitempty"`
	NodeID   string      `json:"nodeid,omitempty"`
	Attempt  int         `json:"attempt,omitempty"`
	Attempts int         `json:"attempts,omitempty"`
	Place    string      `json:"place,omitempty"`
	Phases   []Phase     `json:"phases,omitempty"`
	Reports  [][2]string `json:"reports,omitempty"`
	Output   [][2]string `json:"output,omitempty"`
	Subtests []Subtest   `json:"subtests,omitempty"`
	// Message is in one line why it did not pass.
	Message string `json:"message,omitempty"`

	// The texts of an attempt are read when the bar is written.
	test    *events.Test
	attempt *events.Attempt
	// brief bars are written without their phases.
	brief bool
}

// Seconds is how long the bar is.
func (b Bar) Seconds() float64 { return b.End - b.Start }

func (b Bar) failed() bool { return events.IsFailure(b.Outcome) }

// Phase is set-up, call or teardown of an attempt, or "unreported": what ran
// when the worker died or the log ended.
type Phase struct {
	When    string  `json:"when"`
	Outcome string  `json:"outcome"`
	Start   float64 `json:"start"`
	End     float64 `json:"end"`
}

// Subtest is one result of pytest's subtests fixture.
type Subtest struct {
	Description string `json:"description"`
	Outcome     string `json:"outcome"`
}

// Step is a part of the way to the first test: a bar, or a gap between two.
type Step struct {
	// Bar is nil for a gap.
	Bar   *int    `json:"bar"`
	Start float64 `json:"start"`
	End   float64 `json:"end"`
}

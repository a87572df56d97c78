package ginkgopytest

import (
	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/types"
)

// Hooks are what a suite does besides running its specs. Each runs at most once,
// on Ginkgo process 1 unless it says otherwise; nil does nothing.
type Hooks struct {
	// Prepare runs before pytest starts: bring up a system, seed it. What it
	// returns is added to pytest's environment; to fail the suite it calls Fail
	// or panics. Clean up with DeferCleanup. When something could not be
	// collected, Prepare is left out.
	Prepare func(ctx ginkgo.SpecContext, journal *Journal) []string
	// HandOver runs after Prepare: what it returns every process receives.
	HandOver func() []byte
	// Receive runs in every process, process 1 included, before its first spec.
	// Clean up with DeferCleanup.
	Receive func(ctx ginkgo.SpecContext, handedOver []byte)
	// Check runs once pytest has ended and before what Prepare cleans up, also
	// when Prepare failed: read what servers counted, keep what explains a
	// failure. Each violation that it returns fails the suite without adding a
	// spec. tests is nil when pytest was not started.
	Check func(ctx ginkgo.SpecContext, journal *Journal, tests *Summary) (violations []string)
	// Finish runs after the reports are written: add one of your own, say where
	// to look. Its error fails the suite.
	Finish func(journal *Journal, report types.Report) error
}

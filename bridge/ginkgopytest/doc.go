// Package ginkgopytest runs a pytest suite and shows each of its tests as a
// Ginkgo spec, live, with the outcome and the traceback that pytest gave.
//
// RunSpecs is the whole life cycle of a suite: collect, prepare, run, check,
// report. Hooks add to it, and RunGoSpecs has it for a suite without pytest. A
// suite with a SynchronizedBeforeSuite of its own puts the parts together: it
// collects before ginkgo.RunSpecs, describes the tests, and starts one pytest
// for those that Ginkgo selected:
//
//	tests, err := python.Collect(context.Background())
//	...
//	tests.Describe(func() *ginkgopytest.Run { return run })
//	selected = tests.Select(ginkgo.PreviewSpecs("e2e", config, reporter))
//	ginkgo.RunSpecs(t, "e2e", config, reporter)
//
// PreviewSpecs runs report nodes too: let those return when
// report.SuiteConfig.DryRun is set. The plugin pytest-ginkgo must be installed
// for the interpreter.
package ginkgopytest

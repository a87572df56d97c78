// Package ginkgopytest runs a pytest suite and shows each of its tests as a
// Ginkgo spec, live, with the outcome and the traceback that pytest gave.
//
// A suite collects before RunSpecs, describes the tests, and starts one pytest
// for those that Ginkgo selected:
//
//	func TestE2E(t *testing.T) {
//		python := ginkgopytest.Suite{Python: "python3", Dir: "tests"}
//		tests, err := python.Collect(context.Background())
//		...
//		tests.Describe(func() *ginkgopytest.Run { return run })
//		selected = tests.Selected(ginkgo.PreviewSpecs("e2e", config, reporter))
//		ginkgo.RunSpecs(t, "e2e")
//	}
//
// PreviewSpecs runs report nodes too: let those return when
// report.SuiteConfig.DryRun is set. The plugin pytest-ginkgo must be installed
// for the interpreter.
package ginkgopytest

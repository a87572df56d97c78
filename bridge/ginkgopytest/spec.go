package ginkgopytest

import (
	"fmt"
	"strings"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/types"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
)

// mirror ends the running spec as its Python test ends.
func mirror(ctx ginkgo.SpecContext, run *Run, test Test) {
	if run == nil {
		ginkgo.Fail(test.NodeID + ": pytest was not started for the selected specs: a BeforeSuite must call Start or Attach")
	}
	result, err := run.Wait(ctx, test.NodeID)
	if err != nil {
		ginkgo.Fail(fmt.Sprintf("%s: %v", test.NodeID, err))
	}
	result.report(test)
}

func (r Result) report(test Test) {
	ginkgo.AddReportEntry("pytest", r.facts(), ginkgo.ReportEntryVisibilityNever)
	if len(r.Reruns) > 0 {
		ginkgo.AddReportEntry("rerun", fmt.Sprintf("%s at attempt %d; before:\n%s", r.Outcome, r.Attempts, clip(strings.Join(r.Reruns, "\n\n"))))
	}
	for _, subtest := range r.Subtests {
		ginkgo.AddReportEntry("subtest", fmt.Sprintf("%s: %s", subtest.Description, subtest.Outcome), ginkgo.ReportEntryVisibilityFailureOrVerbose)
	}
	switch r.Outcome {
	case events.Passed:
		r.keepOutput()
	case events.XFailed, events.XPassed:
		r.keepOutput()
		ginkgo.AddReportEntry(r.Outcome, clip(r.Reason))
	case events.Skipped:
		ginkgo.Skip(r.Reason)
	default:
		location := r.location(test)
		ginkgo.AddReportEntry("python", location, ginkgo.ReportEntryVisibilityNever)
		ginkgo.Fail(fmt.Sprintf("%s at %s\n\n%s%s", r.Outcome, location, clip(r.Reason), r.output()))
	}
}

// facts are the worker, the time and the attempt in a line.
func (r Result) facts() string {
	worker := r.Worker
	if worker == "" {
		worker = "no worker"
	}
	return fmt.Sprintf("%s, %.3f s, attempt %d", worker, r.Seconds, r.Attempts)
}

// location is where the test failed, else where it is defined.
func (r Result) location(test Test) types.CodeLocation {
	if r.Path != "" && r.Line > 0 {
		return types.CodeLocation{FileName: r.Path, LineNumber: r.Line}
	}
	return types.CodeLocation{FileName: test.Path, LineNumber: test.Line}
}

// keepOutput puts what a test that did not fail printed into the reports only.
func (r Result) keepOutput() {
	for _, section := range r.Sections {
		ginkgo.AddReportEntry(section[0], clip(section[1]), ginkgo.ReportEntryVisibilityNever)
	}
}

func (r Result) output() string {
	var text strings.Builder
	for _, section := range r.Sections {
		fmt.Fprintf(&text, "\n\n%s\n%s", section[0], clip(section[1]))
	}
	return text.String()
}

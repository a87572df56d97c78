package ginkgopytest

import (
	"fmt"
	"strings"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/types"
)

// Describe builds one spec for each test: files and classes are containers,
// markers are labels, and the location is that of the Python test. Call it
// before RunSpecs; run is asked when a spec runs. When something could not be
// collected, only that becomes specs, each of which fails.
func (c *Collection) Describe(run func() *Run) {
	c.nodeIDs = map[string]string{}
	if len(c.Errors) > 0 {
		// A container, because Ginkgo forgets top-level specs after PreviewSpecs.
		ginkgo.Describe("pytest", func() { describeErrors(c.Errors) })
		return
	}
	for _, test := range c.Tests {
		c.nodeIDs[strings.Join(append(append([]string{}, test.Containers...), test.Name), " ")] = test.NodeID
		contain(test.Containers, func() { describe(test, run) })
	}
}

func describeErrors(failures []CollectError) {
	for _, failure := range failures {
		ginkgo.It("collects "+failure.NodeID, func() {
			ginkgo.Fail("pytest could not collect " + failure.NodeID + "\n" + failure.Longrepr)
		})
	}
}

func contain(containers []string, body func()) {
	if len(containers) == 0 {
		body()
		return
	}
	ginkgo.Describe(containers[0], func() { contain(containers[1:], body) })
}

func describe(test Test, run func() *Run) {
	location := types.CodeLocation{FileName: test.Path, LineNumber: test.Line}
	ginkgo.It(test.Name, location, ginkgo.Label(test.Markers...), func(ctx ginkgo.SpecContext) {
		result, err := run().Wait(ctx, test.NodeID)
		if err != nil {
			ginkgo.Fail(fmt.Sprintf("%s: %v", test.NodeID, err))
		}
		result.report(test)
	})
}

// report ends the running spec as the Python test ended.
func (r Result) report(test Test) {
	switch r.Outcome {
	case "passed":
	case "xfailed", "xpassed":
		ginkgo.AddReportEntry(r.Outcome, r.Reason)
	case "skipped":
		ginkgo.Skip(r.Reason)
	default:
		location := types.CodeLocation{FileName: test.Path, LineNumber: test.Line}
		if r.Path != "" && r.Line > 0 {
			location = types.CodeLocation{FileName: r.Path, LineNumber: r.Line}
		}
		ginkgo.AddReportEntry("python", location, ginkgo.ReportEntryVisibilityNever)
		ginkgo.Fail(fmt.Sprintf("%s at %s\n\n%s%s", r.Outcome, location, r.Reason, r.sections()))
	}
}

func (r Result) sections() string {
	var text strings.Builder
	for _, section := range r.Sections {
		fmt.Fprintf(&text, "\n\n%s\n%s", section[0], section[1])
	}
	return text.String()
}

// NodeID is the Python test that a spec mirrors; empty if it mirrors none.
func (c *Collection) NodeID(spec types.SpecReport) string { return c.nodeIDs[spec.FullText()] }

// Selected returns the node ids of the specs that a dry run selected. Describe
// must have built the tree of that report.
func (c *Collection) Selected(preview types.Report) []string {
	var selected []string
	for _, spec := range preview.SpecReports {
		if spec.LeafNodeType != types.NodeTypeIt || spec.State.Is(types.SpecStateSkipped|types.SpecStatePending) {
			continue
		}
		if nodeID, ok := c.nodeIDs[spec.FullText()]; ok {
			selected = append(selected, nodeID)
		}
	}
	return selected
}

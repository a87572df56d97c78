package ginkgopytest

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/types"
)

// container is a folder, a file or a class, and what is in it, in pytest's order.
type container struct {
	text     string
	location types.CodeLocation
	inner    map[string]*container
	// body describes inner containers and tests.
	body []func()
}

func newContainer(text string, location types.CodeLocation) *container {
	return &container{text: text, location: location, inner: map[string]*container{}}
}

// within is the container at the end of a path, made where it is missing.
// places are the locations of the path's elements.
func (c *container) within(path []string, places []types.CodeLocation) *container {
	if len(path) == 0 {
		return c
	}
	next := c.inner[path[0]]
	if next == nil {
		next = newContainer(path[0], places[0])
		c.inner[path[0]] = next
		c.body = append(c.body, func() { ginkgo.Describe(next.text, next.location, next.describe) })
	}
	return next.within(path[1:], places[1:])
}

func (c *container) describe() {
	for _, describe := range c.body {
		describe()
	}
}

// Describe builds one spec for each test: folders, files and classes are
// containers, markers are labels, and the location is that of the Python test.
// A module that skips itself is a skipped spec. Call it before RunSpecs; run is
// asked when a spec runs. What could not be collected becomes specs that fail;
// the rest is described if pytest runs it nevertheless.
func (c *Collection) Describe(run func() *Run) {
	c.nodeIDs = map[string]string{}
	if len(c.Errors) > 0 {
		// A container, because Ginkgo forgets top-level specs after PreviewSpecs.
		ginkgo.Describe("pytest", func() { describeErrors(c.Errors) })
		if !c.Continues {
			return
		}
	}
	root := newContainer("", types.CodeLocation{})
	described := map[string]bool{}
	for _, test := range c.Tests {
		if described[test.NodeID] {
			// pytest was told twice to collect it, and has one report for both.
			continue
		}
		described[test.NodeID] = true
		c.nodeIDs[key(append(append([]string{}, test.Containers...), test.Name))] = test.NodeID
		owner := root.within(test.Containers, places(test))
		owner.body = append(owner.body, func() { describe(test, run) })
	}
	for _, module := range c.Skipped {
		path := strings.Split(module.NodeID, "/")
		owner := root.within(path, make([]types.CodeLocation, len(path)))
		owner.body = append(owner.body, func() { describeSkipped(module) })
	}
	root.describe()
}

// places are where a test's containers are: folders, then the file for itself
// and for the classes in it.
func places(test Test) []types.CodeLocation {
	found := make([]types.CodeLocation, len(test.Containers))
	folders := strings.Count(strings.SplitN(test.NodeID, "::", 2)[0], "/")
	path := test.Module
	for i := min(folders, len(found)-1); i >= 0; i-- {
		found[i] = types.CodeLocation{FileName: path}
		path = filepath.Dir(path)
	}
	for i := folders + 1; i < len(found); i++ {
		found[i] = types.CodeLocation{FileName: test.Module}
	}
	return found
}

func describeErrors(failures []CollectError) {
	for _, failure := range failures {
		ginkgo.It("collects "+failure.NodeID, func() { ginkgo.Fail(failure.message()) })
	}
}

func (e CollectError) message() string {
	return "pytest could not collect " + e.NodeID + "\n" + clip(e.Longrepr)
}

func describe(test Test, run func() *Run) {
	location := types.CodeLocation{FileName: test.Path, LineNumber: test.Line}
	ginkgo.It(test.Name, location, ginkgo.Label(labels(test.Labels)...), func(ctx ginkgo.SpecContext) {
		mirror(ctx, run(), test)
	})
}

func describeSkipped(module SkippedModule) {
	location := types.CodeLocation{FileName: module.NodeID, LineNumber: 1}
	ginkgo.It("is skipped as a module", location, func() { ginkgo.Skip(module.Reason) })
}

// labels are texts in the form that Ginkgo takes: the characters of its filter
// language become underscores.
func labels(texts []string) []string {
	forbidden := strings.NewReplacer("&", "_", "|", "_", "!", "_", ",", "_", "(", "_", ")", "_", "/", "_")
	var found []string
	for _, text := range texts {
		name, value, pair := strings.Cut(strings.TrimSpace(forbidden.Replace(text)), ":")
		label := strings.TrimSpace(name)
		if value = strings.TrimSpace(strings.ReplaceAll(value, ":", "_")); pair && value != "" {
			label += ":" + value
		}
		if name != "" {
			found = append(found, label)
		}
	}
	return found
}

// key tells specs apart whose texts are the same when joined.
func key(texts []string) string { return fmt.Sprintf("%q", texts) }

// NodeID is the Python test that a spec mirrors; empty if it mirrors none.
func (c *Collection) NodeID(spec types.SpecReport) string {
	return c.nodeIDs[key(append(append([]string{}, spec.ContainerHierarchyTexts...), spec.LeafNodeText))]
}

// Selection is what Ginkgo's filters made of a collection. A test that is in
// neither list, because only the run itself collects it, runs.
type Selection struct {
	// Selected are the node ids of the tests that run.
	Selected []string
	// Deselected are those of the tests that do not.
	Deselected []string
	// Errors are the modules that could not be collected; their specs fail.
	Errors []string
}

// Select returns what a dry run selected. Describe must have built the tree of
// that report.
func (c *Collection) Select(preview types.Report) Selection {
	var selection Selection
	for _, failure := range c.Errors {
		selection.Errors = append(selection.Errors, failure.NodeID)
	}
	for _, spec := range preview.SpecReports {
		nodeID := c.NodeID(spec)
		switch {
		case spec.LeafNodeType != types.NodeTypeIt || nodeID == "":
		case spec.State.Is(types.SpecStateSkipped | types.SpecStatePending):
			selection.Deselected = append(selection.Deselected, nodeID)
		default:
			selection.Selected = append(selection.Selected, nodeID)
		}
	}
	return selection
}

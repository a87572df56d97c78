package ginkgopytest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/onsi/ginkgo/v2/types"
)

// nearestShown is how many names are offered for one that matches nothing.
const nearestShown = 3

// nothingFound is the failure of a collection without a test.
func (s Suite) nothingFound(c *Collection) *CollectError {
	if s.AllowEmpty || len(c.Tests)+len(c.Errors)+len(c.Skipped) > 0 {
		return nil
	}
	return &CollectError{NodeID: s.Dir, Longrepr: fmt.Sprintf(
		"pytest found no test in %s with the arguments %q; correct Dir or Args, or set AllowEmpty", s.Dir, s.Args)}
}

// nothingSelected says which filters left no spec of a tree that has some, and
// what they may have meant; empty if a spec was selected or none need be.
func (s Suite) nothingSelected(preview types.Report) string {
	specs := preview.SpecReports.WithLeafNodeType(types.NodeTypeIt)
	idle := types.SpecStateSkipped | types.SpecStatePending
	if s.AllowEmpty || len(specs) == 0 || specs.CountWithState(idle) < len(specs) {
		return ""
	}
	var texts, labels []string
	for _, spec := range specs {
		texts, labels = append(texts, spec.FullText()), append(labels, spec.Labels()...)
	}
	slices.Sort(labels)
	config := preview.SuiteConfig
	told := []string{fmt.Sprintf("no spec is left of %d", len(specs))}
	for _, focus := range config.FocusStrings {
		told = append(told, fmt.Sprintf("--focus=%q: the nearest are %s", focus, nearest(focus, texts)))
	}
	for _, skip := range config.SkipStrings {
		told = append(told, fmt.Sprintf("--skip=%q", skip))
	}
	if config.LabelFilter != "" {
		told = append(told, fmt.Sprintf("--label-filter=%q: there are the labels %s",
			config.LabelFilter, nearest(config.LabelFilter, slices.Compact(labels))))
	}
	for _, file := range config.FocusFiles {
		told = append(told, fmt.Sprintf("--focus-file=%q: the nearest are %s", file, nearest(file, specPlaces(specs))))
	}
	return strings.Join(append(told, "correct the filter, or set AllowEmpty"), "\n")
}

func specPlaces(specs types.SpecReports) []string {
	var found []string
	for _, spec := range specs {
		found = append(found, fmt.Sprintf("%s:%d", spec.LeafNodeLocation.FileName, spec.LeafNodeLocation.LineNumber))
	}
	return found
}

// nearest are the texts most like one that was asked for, best first.
func nearest(asked string, texts []string) string {
	wanted := pairs(asked)
	alike := func(text string) float64 {
		common := 0
		found := pairs(text)
		for pair := range wanted {
			if found[pair] {
				common++
			}
		}
		// What was asked for is often a part of the text: that the rest is long
		// counts for little.
		return float64(common) / (float64(len(wanted)) + float64(len(found))/10 + 1)
	}
	ranked := slices.Clone(texts)
	slices.SortStableFunc(ranked, func(a, b string) int { return cmp.Compare(alike(b), alike(a)) })
	shown := ranked[:min(nearestShown, len(ranked))]
	for i, text := range shown {
		shown[i] = fmt.Sprintf("%q", text)
	}
	return strings.Join(shown, ", ")
}

// pairs are the neighbouring letters of a text, whatever their case.
func pairs(text string) map[string]bool {
	letters := []rune(strings.ToLower(text))
	found := map[string]bool{}
	for i := range len(letters) - 1 {
		found[string(letters[i:i+2])] = true
	}
	return found
}

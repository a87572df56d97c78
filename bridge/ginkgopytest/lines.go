package ginkgopytest

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/onsi/ginkgo/v2/types"
)

// ofLines lets every line of a test select it. Ginkgo's file filters compare with
// the line of a spec's location only, so each test of which a filter names
// another line gets a filter of its own for that one.
func (c *Collection) ofLines(filters []string) []string {
	parsed, err := types.ParseFileFilters(filters)
	if err != nil {
		return filters // Ginkgo says what is wrong.
	}
	more := append([]string{}, filters...)
	added := map[string]bool{}
	for _, filter := range parsed {
		for _, test := range c.Tests {
			own := fmt.Sprintf("^%s$:%d", regexp.QuoteMeta(test.Path), test.Line)
			if added[own] || !test.within(filter) || strings.ContainsAny(test.Path, ":") {
				continue // Two colons are no filter.
			}
			added[own] = true
			more = append(more, own)
		}
	}
	return more
}

// within says whether a filter names a line of the test.
func (t Test) within(filter types.FileFilter) bool {
	if !filter.Filename.MatchString(t.Path) {
		return false
	}
	for _, lines := range filter.LineFilters {
		if lines.Min <= max(t.LastLine, t.Line) && lines.Max > t.Line {
			return true
		}
	}
	return false
}

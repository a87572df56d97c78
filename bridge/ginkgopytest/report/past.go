package report

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/history"
	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/timeline"
)

// mostPasts are shown in the summary.
const mostPasts = 20

// pastOf has the tests of a run that did not always do the same; none when the
// run is in no index.
func pastOf(run *events.Run, dir string) []history.Past {
	index, err := history.Read(filepath.Dir(dir))
	if err != nil || !slices.ContainsFunc(index.Runs, func(known history.Run) bool { return known.ID == filepath.Base(dir) }) {
		return nil
	}
	var found []history.Past
	for _, past := range index.All() {
		test := run.Test(past.NodeID)
		if test == nil || len(past.Outcomes) < 2 {
			continue
		}
		if past.Flips > 0 || past.Flaky || events.IsFailure(test.Outcome) {
			found = append(found, past)
		}
	}
	return found
}

// pastTable is a part of the summary.
func pastTable(pasts []history.Past) string {
	if len(pasts) == 0 {
		return ""
	}
	var text strings.Builder
	text.WriteString("\n## History\n\nOldest first: `.` passed, `F` failed, `E` error, `R` passed after a rerun, `s` skipped, `x` xfailed.\n\n" +
		"| outcomes | flips | | seconds, median | test |\n|---|---:|---|---:|---|\n")
	for _, past := range pasts[:min(len(pasts), mostPasts)] {
		flaky := ""
		if past.Flaky {
			flaky = "flaky"
		}
		fmt.Fprintf(&text, "| `%s` | %d | %s | %.3f | %s |\n", past.Outcomes, past.Flips, flaky, past.Median, cell(code(oneLine(past.NodeID))))
	}
	if more := len(pasts) - mostPasts; more > 0 {
		fmt.Fprintf(&text, "\n%d more: `ginkgopytest history` has them.\n", more)
	}
	return text.String()
}

// drawnPast is what the timeline gets.
func drawnPast(pasts []history.Past) map[string]timeline.Past {
	drawn := map[string]timeline.Past{}
	for _, past := range pasts {
		drawn[past.NodeID] = timeline.Past{Outcomes: past.Outcomes, Flips: past.Flips, Flaky: past.Flaky}
	}
	return drawn
}

package report

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/onsi/ginkgo/v2/types"
)

// shownCauses are told on a console; the summary has the others.
const shownCauses = 5

// ConcludedElsewhere names the variable with which a program that runs a suite
// says that it prints the conclusion itself, below all that the suite prints.
const ConcludedElsewhere = "GINKGOPYTEST_CONCLUDED_ELSEWHERE"

// Conclude prints the conclusion of the run in a folder; nothing when it left no
// log there.
func Conclude(out io.Writer, dir string) error {
	run, err := Read(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = io.WriteString(out, Conclusion(Look(run), dir))
	return err
}

// Conclusion is how the console of a run ends. Of a failed one it names the
// causes that several failures share, where the reports are, and last of all
// the first failure; of one that passed where its page is. dir is the folder of
// the reports.
func Conclusion(overview Overview, dir string) string {
	page := "timeline: " + Relative(filepath.Join(dir, TimelineFile)) + "\n"
	if overview.Report.SuiteSucceeded {
		return page
	}
	return causes(overview) + "summary: " + Relative(filepath.Join(dir, SummaryFile)) + "\n" + page +
		"first failure: " + firstFailure(overview) + "\n"
}

// firstFailure is that which ended first, because later ones may follow from it.
func firstFailure(overview Overview) string {
	if len(overview.Failures) == 0 {
		return oneLine(strings.Join(overview.Report.SpecialSuiteFailureReasons, "; "))
	}
	return headline(slices.MinFunc(overview.Failures, func(a, b types.SpecReport) int {
		return a.EndTime.Compare(b.EndTime)
	}))
}

// headline is a failure in one sentence: the test, its line, and the cause.
func headline(spec types.SpecReport) string {
	return fmt.Sprintf("%s at %s: %s", title(spec), failedAt(spec), oneLine(spec.Failure.Message))
}

// cause is one message of one or more failures, with the first of these.
type cause struct {
	spec  types.SpecReport
	count int
}

// causes are those of several failures, most frequent first; empty when no two
// failures have the same.
func causes(overview Overview) string {
	found := group(overview.Failures)
	if len(found) == 0 || found[0].count == 1 {
		return ""
	}
	text := fmt.Sprintf("%d failures by cause:\n", overview.Failed)
	for i, cause := range found {
		if i == shownCauses {
			return text + fmt.Sprintf("  and %d more\n", len(found)-shownCauses)
		}
		text += fmt.Sprintf("  %d x %s (%s)\n", cause.count, oneLine(cause.spec.Failure.Message), failedAt(cause.spec))
	}
	return text
}

func group(failures []types.SpecReport) []*cause {
	var found []*cause
	known := map[string]*cause{}
	for _, spec := range failures {
		key := alike(spec.Failure.Message)
		if known[key] == nil {
			known[key] = &cause{spec: spec}
			found = append(found, known[key])
		}
		known[key].count++
	}
	slices.SortStableFunc(found, func(a, b *cause) int { return cmp.Compare(b.count, a.count) })
	return found
}

// varying is what differs between messages of one cause: ids, addresses, numbers.
var varying = regexp.MustCompile(`\b0x[0-9a-fA-F]+|\b[0-9a-fA-F]*\d[0-9a-fA-F]*(-[0-9a-fA-F]+)*`)

func alike(message string) string { return varying.ReplaceAllString(oneLine(message), "#") }

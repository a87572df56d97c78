package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/onsi/ginkgo/v2/types"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
)

const (
	// MarkdownLimit is what GitHub takes of one step's job summary.
	MarkdownLimit = 1<<20 - 1

	slowest        = 10
	excerptLines   = 60
	excerptBytes   = 6 << 10
	nameBytes      = 300
	leftOutReserve = 256
)

// Markdown is the summary for a person, worst first, in at most limit bytes.
// What does not fit is counted in its last line.
func Markdown(run *events.Run, report types.Report, limit int) string {
	head, tail := heading(report), slowestTable(report)+stepsTable(run)
	failed := report.SpecReports.WithState(types.SpecStateFailureStates)
	var text strings.Builder
	text.WriteString(head)
	if len(failed) > 0 {
		text.WriteString("\n## Failures\n")
	}
	room := limit - len(head) - len(tail) - leftOutReserve
	shortened, left := 0, 0
	for _, spec := range failed {
		whole, line := failureBlock(spec), failureLine(spec)
		switch {
		case text.Len()+len(whole) <= room:
			text.WriteString(whole)
		case text.Len()+len(line) <= room:
			text.WriteString(line)
			shortened++
		default:
			left++
		}
	}
	if text.Len()+len(tail)+leftOutReserve <= limit {
		text.WriteString(tail)
	}
	if shortened+left > 0 {
		fmt.Fprintf(&text, "\nLeft out to stay below the limit: %d tracebacks and %d further failures; %s has them.\n",
			shortened, left, JSONFile)
	}
	return text.String()
}

func heading(report types.Report) string {
	its := report.SpecReports.WithLeafNodeType(types.NodeTypeIt)
	outcome := "passed"
	if !report.SuiteSucceeded {
		outcome = "failed"
	}
	text := fmt.Sprintf("# %s: %s\n\n%d failed, %d passed, %d skipped of %d in %.1f s, workers: %d\n",
		oneLine(report.SuiteDescription), outcome, its.CountWithState(types.SpecStateFailureStates),
		its.CountWithState(types.SpecStatePassed), its.CountWithState(types.SpecStateSkipped|types.SpecStatePending),
		len(its), report.RunTime.Seconds(), report.SuiteConfig.ParallelTotal)
	for _, reason := range report.SpecialSuiteFailureReasons {
		text += "\n**" + oneLine(reason) + "**\n"
	}
	return text
}

func failureBlock(spec types.SpecReport) string {
	traceback := spec.Failure.Location.FullStackTrace
	if traceback == "" {
		traceback = spec.Failure.Message
	}
	text := excerpt(traceback + "\n" + additional(spec) + spec.CapturedStdOutErr)
	fence := strings.Repeat("`", max(3, longestRun(text)+1))
	return fmt.Sprintf("%s\n<details><summary>traceback and output</summary>\n\n%stext\n%s\n%s\n\n</details>\n",
		failureLine(spec), fence, text, fence)
}

func failureLine(spec types.SpecReport) string {
	return fmt.Sprintf("\n### %s\n\n%s, %s after %.3f s, worker %d: %s\n", code(title(spec)),
		code(Relative(spec.Failure.Location.FileName)+fmt.Sprintf(":%d", spec.Failure.Location.LineNumber)),
		spec.State, spec.RunTime.Seconds(), spec.ParallelProcess, code(oneLine(spec.Failure.Message)))
}

func additional(spec types.SpecReport) string {
	var text strings.Builder
	for _, more := range spec.AdditionalFailures {
		text.WriteString(more.Failure.Message + "\n" + more.Failure.Location.FullStackTrace + "\n")
	}
	return text.String()
}

// title is the node id, or what a suite's node is called.
func title(spec types.SpecReport) string {
	if details, found := DetailsOf(spec); found {
		return oneLine(details.NodeID)
	}
	return oneLine(strings.TrimSpace(fmt.Sprintf("[%s] %s", spec.LeafNodeType, spec.FullText())))
}

// DetailsOf is what a spec of Build tells of its Python test; false when it
// mirrors none.
func DetailsOf(spec types.SpecReport) (Details, bool) {
	for _, entry := range spec.ReportEntries {
		if details, found := entry.GetRawValue().(Details); found {
			return details, true
		}
	}
	return Details{}, false
}

func slowestTable(report types.Report) string {
	var ran types.SpecReports
	for _, spec := range report.SpecReports.WithLeafNodeType(types.NodeTypeIt) {
		if !spec.State.Is(types.SpecStateSkipped | types.SpecStatePending) {
			ran = append(ran, spec)
		}
	}
	if len(ran) == 0 {
		return ""
	}
	slices.SortStableFunc(ran, func(a, b types.SpecReport) int { return cmp.Compare(b.RunTime, a.RunTime) })
	text := "\n## Slowest\n\n| seconds | test | worker |\n|---:|---|---:|\n"
	for _, spec := range ran[:min(slowest, len(ran))] {
		text += fmt.Sprintf("| %.3f | %s | %d |\n", spec.RunTime.Seconds(), cell(code(title(spec))), spec.ParallelProcess)
	}
	return text
}

// stepsTable has the suite's own steps, but not each seeded item.
func stepsTable(run *events.Run) string {
	text := ""
	for _, span := range run.Spans {
		if span.Lane == "seed" {
			continue
		}
		ended := "not ended"
		if span.Finish > 0 {
			ended = fmt.Sprintf("%.1f", span.Finish-span.Start)
		}
		text += fmt.Sprintf("| %s | %s | %.1f | %s | %s |\n", cell(oneLine(span.Name)), cell(span.Lane),
			span.Start-run.Begin, ended, cell(span.Outcome))
	}
	if text == "" {
		return ""
	}
	return "\n## Steps\n\n| step | lane | began at (s) | seconds | outcome |\n|---|---|---:|---:|---|\n" + text
}

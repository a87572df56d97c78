package report

import (
	"cmp"
	"fmt"
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
func Markdown(run *events.Run, overview Overview, limit int) string {
	head, tail := heading(overview), slowestTable(overview)+stepsTable(run)
	var text strings.Builder
	text.WriteString(head)
	if overview.Failed > 0 {
		text.WriteString("\n## Failures\n")
	}
	room := limit - len(head) - len(tail) - leftOutReserve
	shortened, left := 0, overview.Failed-len(overview.Failures)
	for _, spec := range overview.Failures {
		line := failureLine(spec)
		if text.Len()+len(line) > room {
			left++
			continue
		}
		if block := failureBlock(run, spec); text.Len()+len(line)+len(block) <= room {
			line += block
		} else {
			shortened++
		}
		text.WriteString(line)
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

func heading(overview Overview) string {
	report, outcome := overview.Report, "passed"
	if !report.SuiteSucceeded {
		outcome = "failed"
	}
	text := fmt.Sprintf("# %s: %s\n\n%d failed, %d passed, %d skipped of %d in %.1f s, workers: %d\n",
		oneLine(report.SuiteDescription), outcome, overview.Failed, overview.Passed, overview.Skipped,
		overview.Total, report.RunTime.Seconds(), report.SuiteConfig.ParallelTotal)
	if overview.Brief > 0 {
		text += fmt.Sprintf("\n%d of those that passed are in outline in all reports: without steps, and with a part of their output. The event log has the whole.\n", overview.Brief)
	}
	for _, reason := range report.SpecialSuiteFailureReasons {
		text += "\n**" + oneLine(reason) + "**\n"
	}
	return text
}

// failureBlock reads the texts of a failure only now, because few fit.
func failureBlock(run *events.Run, spec types.SpecReport) string {
	spec = complete(run, spec)
	traceback := cmp.Or(spec.Failure.Location.FullStackTrace, spec.Failure.Message)
	text := excerpt(traceback + "\n" + additional(spec) + spec.CapturedStdOutErr)
	fence := strings.Repeat("`", max(3, longestRun(text)+1))
	return fmt.Sprintf("\n<details><summary>traceback and output</summary>\n\n%stext\n%s\n%s\n\n</details>\n", fence, text, fence)
}

func failureLine(spec types.SpecReport) string {
	return fmt.Sprintf("\n### %s\n\n%s, %s after %.3f s, %s: %s\n", code(title(spec)), code(failedAt(spec)),
		spec.State, spec.RunTime.Seconds(), workerOf(spec), code(oneLine(spec.Failure.Message)))
}

// failedAt is file:line of a failure.
func failedAt(spec types.SpecReport) string {
	return fmt.Sprintf("%s:%d", Relative(spec.Failure.Location.FileName), spec.Failure.Location.LineNumber)
}

func additional(spec types.SpecReport) string {
	var text strings.Builder
	for _, more := range spec.AdditionalFailures {
		text.WriteString(more.Failure.Message + "\n" + more.Failure.Location.FullStackTrace + "\n")
	}
	return text.String()
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

func slowestTable(overview Overview) string {
	if len(overview.Slowest) == 0 {
		return ""
	}
	text := "\n## Slowest\n\n| seconds | test | worker |\n|---:|---|---|\n"
	for _, spec := range overview.Slowest {
		text += fmt.Sprintf("| %.3f | %s | %s |\n", spec.RunTime.Seconds(), cell(code(title(spec))), workerOf(spec))
	}
	return text
}

// workerOf is xdist's name of it; what Ginkgo alone ran has the process.
func workerOf(spec types.SpecReport) string {
	if details, found := DetailsOf(spec); found {
		return cmp.Or(details.Worker, "pytest")
	}
	return fmt.Sprintf("process %d", spec.ParallelProcess)
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

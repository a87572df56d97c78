package report

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/onsi/ginkgo/v2/types"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
)

// annotated is what GitHub shows of one step.
const annotated = 10

// Publish tells GitHub, if the environment says that it runs this: the summary
// goes to the job, the annotations to out.
func Publish(run *events.Run, overview Overview, getenv func(string) string, out io.Writer) error {
	if getenv("GITHUB_ACTIONS") == "true" {
		// A command stands at the begin of a line; Ginkgo's dots have no end.
		for _, command := range append([]string{""}, Annotations(run, overview)...) {
			if _, err := fmt.Fprintln(out, command); err != nil {
				return err
			}
		}
	}
	if path := getenv("GITHUB_STEP_SUMMARY"); path != "" {
		return AppendStepSummary(path, run, overview)
	}
	return nil
}

// Annotations are GitHub workflow commands, one for each failure at its line,
// and one that counts those beyond what GitHub shows.
func Annotations(run *events.Run, overview Overview) []string {
	var commands []string
	for _, spec := range overview.Failures[:min(annotated, len(overview.Failures))] {
		commands = append(commands, annotation(complete(run, spec)))
	}
	if more := overview.Failed - annotated; more > 0 {
		commands = append(commands, fmt.Sprintf("::notice title=%s::and %d more; the job summary has them",
			property("more failures"), more))
	}
	return commands
}

func annotation(spec types.SpecReport) string {
	properties := "title=" + property(title(spec))
	if place := spec.Failure.Location; place.FileName != "" {
		properties = fmt.Sprintf("file=%s,line=%d,%s", property(Relative(place.FileName)), max(1, place.LineNumber), properties)
	}
	message := spec.Failure.ForwardedPanic
	if message == "" {
		message = spec.Failure.Message
	}
	return "::error " + properties + "::" + data(excerpt(message))
}

var (
	escapeData     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	escapeProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

func data(text string) string     { return escapeData.Replace(text) }
func property(text string) string { return escapeProperty.Replace(text) }

// AppendStepSummary adds the Markdown to a job summary that other parts of the
// same step may have begun, and stays below GitHub's limit for all of it.
func AppendStepSummary(path string, run *events.Run, overview Overview) error {
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return fmt.Errorf("job summary: %w", err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return fmt.Errorf("job summary: %w", err)
	}
	text := Markdown(run, overview, MarkdownLimit-int(info.Size()))
	if int(info.Size())+len(text) > MarkdownLimit {
		return fmt.Errorf("job summary: %s is full", path)
	}
	if _, err := file.WriteString(text); err != nil {
		return fmt.Errorf("job summary: %w", err)
	}
	return nil
}

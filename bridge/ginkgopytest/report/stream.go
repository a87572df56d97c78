package report

import (
	"errors"
	"fmt"
	"path/filepath"

	"github.com/onsi/ginkgo/v2/types"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
)

// chunk is how many specs are in memory with all their texts.
const chunk = 64

// format is a report file that is written spec by spec.
type format interface {
	// begin writes what comes before the specs.
	begin(path string, overview Overview) error
	// add writes some specs.
	add(specs types.SpecReports) error
	// end writes what comes after them.
	end() error
}

// target is a format on its way into a file; its problem ends it, not the others.
type target struct {
	format
	name, path string
	problem    error
}

// writeSpecs reads the texts of the run once for all formats.
func writeSpecs(run *events.Run, overview Overview, dir string) error {
	targets := []*target{
		{format: &jsonFormat{}, name: JSONFile},
		{format: &junitFormat{}, name: JUnitFile},
		{format: &teamCityFormat{}, name: TeamCityFile},
		{format: &goTestFormat{}, name: GoTestFile},
	}
	each := func(do func(*target) error) {
		for _, out := range targets {
			if out.problem == nil {
				out.problem = do(out)
			}
		}
	}
	each(func(out *target) error {
		out.path = filepath.Join(dir, out.name)
		return out.begin(beside(out.path), overview)
	})
	var pending types.SpecReports
	flush := func() {
		each(func(out *target) error { return out.add(pending) })
		pending = pending[:0]
	}
	for spec := range specs(run, whole) {
		if pending = append(pending, spec); len(pending) == chunk {
			flush()
		}
	}
	flush()
	var problems []error
	for _, out := range targets {
		problem := errors.Join(out.problem, out.end())
		if err := place(problem, beside(out.path), out.path); err != nil {
			problems = append(problems, fmt.Errorf("write %s: %w", out.name, err))
		}
	}
	return errors.Join(problems...)
}

// inOutline says that a spec has no steps of which Ginkgo could make a timeline.
func inOutline(spec types.SpecReport) bool {
	return spec.State == types.SpecStatePassed && len(spec.SpecEvents) == 0
}

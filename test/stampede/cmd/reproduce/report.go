package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/jordigilh/kubernaut/test/infrastructure/files"
	"github.com/jordigilh/kubernaut/test/stampede"
)

// report is report.json.
type report struct {
	dir      string
	RunID    string         `json:"run_id"`
	Runs     []stampede.Run `json:"runs"`
	Problems []string       `json:"problems"`
}

// measure takes the whole reproduction, or some targets by themselves.
func (r *report) measure(ctx context.Context, o options, how stampede.Options) (err error) {
	if len(o.only) > 0 {
		r.Runs, err = how.Take(ctx, nil, stampede.Only(o.only...))
		r.Problems = stampede.Problems(r.Runs)
		return err
	}
	r.Runs, err = stampede.Reproduce(ctx, how)
	r.Problems = stampede.Verdict(r.Runs)
	return err
}

// tell writes the report and prints its table; an error names all problems.
func (r *report) tell(output io.Writer) error {
	r.Problems = append([]string{}, r.Problems...)
	data, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	path := filepath.Join(r.dir, "report.json")
	if err := files.Write(path, append(data, '\n')); err != nil {
		return err
	}
	fmt.Fprintf(output, "\n%s\n%s\n", stampede.Table(r.Runs), path)
	if len(r.Problems) > 0 {
		return fmt.Errorf("the runs do not show what they should:\n%s", strings.Join(r.Problems, "\n"))
	}
	fmt.Fprintln(output, "shown: "+claim(r.Runs))
	return nil
}

// claim says only of what was measured that it was shown.
func claim(runs []stampede.Run) string {
	claims := map[string]string{stampede.KeyHistoric: "the limiter loses most requests",
		stampede.KeyUnlimited: "without it none is lost", stampede.KeyOurs: "DataStorage loses none"}
	var shown []string
	for _, key := range []string{stampede.KeyHistoric, stampede.KeyUnlimited, stampede.KeyOurs} {
		for _, run := range runs {
			if run.Target.Key == key {
				shown = append(shown, claims[key])
				break
			}
		}
	}
	return strings.Join(shown, ", ")
}

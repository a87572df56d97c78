package suite

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"time"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest"
	ogenclient "github.com/jordigilh/kubernaut/pkg/datastorage/ogen-client"
	"github.com/jordigilh/kubernaut/test/infrastructure/manifest"
	"github.com/jordigilh/kubernaut/test/infrastructure/runs"
	"github.com/jordigilh/kubernaut/test/infrastructure/seed"
)

const (
	manifestFile  = "manifest.json"
	scenariosFile = "scenarios.yaml"
)

// Seeder posts the workflows of a suite through seed.Seed, to which it passes
// output, and returns workflow_name → workflow_id.
type Seeder func(client *ogenclient.Client, output io.Writer) (map[string]string, error)

// recorder keeps what a seeder has no way to return.
type recorder struct {
	io.Writer
	observe func(workflow string) func(error)
	results []seed.Result
}

func (r *recorder) Posting(workflow string) func(error) { return r.observe(workflow) }
func (r *recorder) Seeded(result seed.Result)           { r.results = append(r.results, result) }

// seed calls the suite's seeder, which knows no context: it is not waited for
// when ours ends.
func (e *Environment) seed(ctx context.Context, journal *ginkgopytest.Journal) error {
	client, err := seed.NewClient(e.stack.DataStorageURL, e.stack.ClientTokenFile)
	if err != nil {
		return err
	}
	return journal.Step(suiteLane, "seed", func() error {
		type outcome struct {
			result seed.Result
			err    error
		}
		ended := make(chan outcome, 1)
		record := &recorder{Writer: os.Stdout, observe: journal.Lane(seedLane)}
		go func() {
			result, err := e.seeder.call(client, record)
			ended <- outcome{result, err}
		}()
		select {
		case seeded := <-ended:
			e.seeded = seeded.result
			return seeded.err
		case <-ctx.Done():
			return fmt.Errorf("seed: %w", context.Cause(ctx))
		}
	})
}

// call returns the whole of what the seeder did, also when something failed.
func (s Seeder) call(client *ogenclient.Client, record *recorder) (seed.Result, error) {
	ids, err := s(client, record)
	var result seed.Result
	if len(record.results) > 0 {
		result = record.results[0]
	}
	switch {
	case err != nil:
	case len(record.results) != 1:
		err = fmt.Errorf("the suite's seeder called seed.Seed %d times with its output, not once", len(record.results))
	case !maps.Equal(ids, result.IDs):
		err = errors.New("the suite's seeder returned other ids than seed.Seed")
	}
	return result, err
}

// handOver writes the files that tests and the Mock LLM read, and returns the
// path of the Mock LLM's.
func (e *Environment) handOver(journal *ginkgopytest.Journal) (string, error) {
	scenarios, document := filepath.Join(journal.Dir, scenariosFile), e.manifest(journal.RunID)
	return scenarios, errors.Join(
		seed.WriteScenarios(scenarios, e.seeded.IDs),
		manifest.Write(filepath.Join(journal.Dir, manifestFile), document),
		document.EnvFile(filepath.Join(journal.Dir, manifest.EnvFileName)),
	)
}

func (e *Environment) manifest(runID string) manifest.Manifest {
	return manifest.Manifest{
		SchemaVersion: manifest.SchemaVersion,
		RunID:         runID,
		CreatedAt:     time.Now().UTC(),
		Services: manifest.Services{
			DataStorage: manifest.Service{URL: e.stack.DataStorageURL},
			HAPI:        manifest.Service{URL: e.stack.HolmesGPTURL},
			MockLLM:     manifest.Service{URL: e.stack.MockLLMURL},
		},
		Credentials: manifest.Credentials{TokenFile: e.stack.ClientTokenFile},
		Workflows:   e.seeded.Workflows,
		Summary:     manifest.Summarize(e.seeded.Workflows),
	}
}

// variables lead pytest to the manifest, and mark it as a child of the run.
func (e *Environment) variables(journal *ginkgopytest.Journal) []string {
	variables := append(runs.Mark(journal.RunID),
		"WORKFLOW_MANIFEST="+filepath.Join(journal.Dir, manifestFile),
		"SUITE_RUN_ID="+journal.RunID,
	)
	return append(variables, e.manifest(journal.RunID).Env()...)
}

package holmesgptapi

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest"
	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
	"github.com/jordigilh/kubernaut/test/infrastructure/manifest"
	"github.com/jordigilh/kubernaut/test/infrastructure/leak"
	"github.com/jordigilh/kubernaut/test/infrastructure/mustgather"
	"github.com/jordigilh/kubernaut/test/infrastructure/runs"
	"github.com/jordigilh/kubernaut/test/infrastructure/seed"
	"github.com/jordigilh/kubernaut/test/infrastructure/stack"
	"github.com/jordigilh/kubernaut/test/workflows"
)

// e2eSession is one run of the suite: the stack, what was seeded, and pytest.
// It lives in Ginkgo process 1.
type e2eSession struct {
	run       *runs.Run
	reportDir string
	journal   *journal
	progress  io.Writer
	begin     time.Time

	stack    *stack.Stack
	seeded   seed.Result
	pytest   *ginkgopytest.Run
	runEnded func(error)
	before   evidence
	after    evidence
	tests    ginkgopytest.Summary
	measured bool
	dead     []string
	leaks    []string
	memory   map[string]int64
	launched time.Time
	failures []mustgather.Test
	gathered string
	phases   []stack.Phase
}

// newRun has the id of E2E_RUN_ID, by which others find the run's folder, or
// one of its own.
func newRun() (*runs.Run, error) {
	if id := os.Getenv("E2E_RUN_ID"); id != "" {
		return runs.Acquire(id)
	}
	return runs.New()
}

// newSession names the run, ends what dead runs left, and makes the report folder.
func newSession() (*e2eSession, error) {
	run, err := newRun()
	if err != nil {
		return nil, err
	}
	if swept, err := runs.Sweep(); err != nil {
		return nil, errors.Join(fmt.Errorf("sweep dead runs: %w", err), run.Release())
	} else if len(swept) > 0 {
		fmt.Printf("ended %d processes of runs that are dead\n", len(swept))
	}
	s := &e2eSession{run: run, begin: time.Now(), progress: os.Stdout}
	s.reportDir = filepath.Join(reports(), run.ID)
	if err := os.MkdirAll(filepath.Join(s.reportDir, "logs"), 0o755); err != nil {
		return nil, err
	}
	if s.journal, err = openJournal(s.reportDir); err != nil {
		return nil, err
	}
	s.journal.append(events.Event{
		Event: events.RunStart, Time: events.Seconds(collectBegin), SchemaVersion: events.SchemaVersion,
		RunID: run.ID, Suite: suiteName, Path: suiteDir(),
	})
	s.journal.span(suiteLane, "collect the Python tests", collectBegin, collectEnd)
	return s, pointLatest(s.reportDir)
}

// bringUp starts the stack, seeds it, and hands the ids over in files.
func (s *e2eSession) bringUp(ctx context.Context) error {
	// A wrong workflow is told before anything is started for it.
	_, err := workflows.All()
	if err != nil {
		return err
	}
	s.stack, err = stack.Up(ctx, stack.Options{
		RunID:     s.run.ID,
		ReportDir: s.reportDir,
		Python:    servicesPython(),
		RepoRoot:  repository(),
		Namespace: namespace,
		Keep:      keep(),
		Progress:  s.progress,
		Observe:   s.journal.lane(infrastructureLane),
	})
	if err != nil {
		return err
	}
	if s.before, err = readEvidence(ctx, s.stack); err != nil {
		return err
	}
	if err := s.phase("seed", func() error { return s.seed(ctx) }); err != nil {
		return err
	}
	scenarios := filepath.Join(s.reportDir, "scenarios.yaml")
	if err := errors.Join(seed.WriteScenarios(scenarios, s.seeded.IDs), s.writeManifest()); err != nil {
		return err
	}
	if err := s.stack.StartMockLLM(ctx, scenarios); err != nil {
		return err
	}
	return s.stack.WaitReady(ctx)
}

func (s *e2eSession) seed(ctx context.Context) error {
	client, err := seed.NewClient(s.stack.DataStorageURL, s.stack.ClientTokenFile)
	if err != nil {
		return err
	}
	s.seeded, err = seedWorkflows(ctx, client, seed.Options{Output: s.progress, Observe: s.journal.lane(seedLane)})
	return err
}

func (s *e2eSession) writeManifest() error {
	document := s.manifest()
	return errors.Join(
		manifest.Write(s.manifestPath(), document),
		document.EnvFile(filepath.Join(s.reportDir, manifest.EnvFileName)),
	)
}

func (s *e2eSession) manifestPath() string {
	return filepath.Join(s.reportDir, "manifest.json")
}

func (s *e2eSession) manifest() manifest.Manifest {
	return manifest.Manifest{
		SchemaVersion: manifest.SchemaVersion,
		RunID:         s.run.ID,
		CreatedAt:     time.Now().UTC(),
		Services: manifest.Services{
			DataStorage: manifest.Service{URL: s.stack.DataStorageURL},
			HAPI:        manifest.Service{URL: s.stack.HolmesGPTURL},
			MockLLM:     manifest.Service{URL: s.stack.MockLLMURL},
		},
		Credentials: manifest.Credentials{TokenFile: s.stack.ClientTokenFile},
		Workflows:   s.seeded.Workflows,
		Summary:     manifest.Summarize(s.seeded.Workflows),
	}
}

// startPytest launches the one pytest of the run for the selected tests.
func (s *e2eSession) startPytest(selection ginkgopytest.Selection) error {
	env := append(runs.Mark(s.run.ID),
		"WORKFLOW_MANIFEST="+s.manifestPath(),
		"SUITE_RUN_ID="+s.run.ID,
	)
	return s.phase("start pytest", func() (err error) {
		s.launched = time.Now()
		s.runEnded = s.journal.lane(suiteLane)("run pytest")
		s.pytest, err = project.Start(s.reportDir, selection, append(env, s.manifest().Env()...)...)
		return err
	})
}

// end stops pytest, measures what the run cost, and takes the stack down.
func (s *e2eSession) end(ctx context.Context) error {
	var problems []error
	if s.pytest != nil {
		s.pytest.Stop(ctx)
		var err error
		s.tests, err = s.pytest.Done(ctx)
		s.runEnded(err)
		problems = append(problems, err)
	}
	s.measure()
	if s.stack == nil {
		s.gather(ctx)
	} else {
		s.dead = s.stack.Dead()
		var err error
		s.after, err = readEvidence(ctx, s.stack)
		s.measured = err == nil
		s.gather(ctx)
		secrets, unread := s.stack.Secrets()
		problems = append(problems, err, unread, s.stack.Down(ctx))
		s.leaks, err = leak.Find(s.reportDir, secrets...)
		problems = append(problems, err)
	}
	return errors.Join(append(problems, s.run.Release())...)
}

func (s *e2eSession) phase(name string, body func() error) error {
	start := time.Now()
	ended := s.journal.begin(suiteLane, name, start)
	err := body()
	ended(err)
	s.phases = append(s.phases, stack.Phase{
		Name:    name,
		StartS:  start.Sub(s.begin).Seconds(),
		Seconds: time.Since(start).Seconds(),
	})
	return err
}

// pointLatest makes reports/<suite>/latest lead to this run.
func pointLatest(reportDir string) error {
	link := filepath.Join(filepath.Dir(reportDir), "latest")
	fresh := link + "." + filepath.Base(reportDir)
	if err := os.Symlink(filepath.Base(reportDir), fresh); err != nil {
		return err
	}
	return os.Rename(fresh, link)
}

func joinLines(lines []string) string { return strings.Join(lines, "\n") }

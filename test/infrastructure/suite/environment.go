// Package suite is what the end-to-end suites of this repository share: a stack
// that is brought up and seeded once, files that hand it over, evidence of how
// it was used, and what explains a failure. A suite gives its hooks to
// ginkgopytest, with pytest or without.
package suite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/types"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest"
	"github.com/jordigilh/kubernaut/test/infrastructure/evidence"
	"github.com/jordigilh/kubernaut/test/infrastructure/leak"
	"github.com/jordigilh/kubernaut/test/infrastructure/parts"
	"github.com/jordigilh/kubernaut/test/infrastructure/runs"
	"github.com/jordigilh/kubernaut/test/infrastructure/seed"
	"github.com/jordigilh/kubernaut/test/infrastructure/stack"
	"github.com/jordigilh/kubernaut/test/workflows"
)

const (
	bringUpTime = 5 * time.Minute
	tearDown    = time.Minute
	// Lanes of the steps in the event log.
	suiteLane, infrastructureLane, seedLane = "suite", "infrastructure", "seed"
)

// Environment is what the specs of a run work on. It lives in Ginkgo process 1.
type Environment struct {
	settings Settings
	// seeder is the suite's own function.
	seeder Seeder
	// Manifests are folders of the checkout that are applied to the API server
	// once it runs.
	Manifests []string

	run    *runs.Run
	stack  *stack.Stack
	seeded seed.Result
	begin  time.Time
	before evidence.Counts
	found  findings
}

// New is an environment that nothing has been done for yet.
func New(settings Settings, seeder Seeder) *Environment {
	return &Environment{settings: settings, seeder: seeder}
}

// Hooks are those of the environment's life: up, checked, down, reported.
func (e *Environment) Hooks() ginkgopytest.Hooks {
	return ginkgopytest.Hooks{Prepare: e.prepare, HandOver: e.share, Check: e.check, Finish: e.finish}
}

// prepare returns what pytest is told through its environment.
func (e *Environment) prepare(ctx ginkgo.SpecContext, journal *ginkgopytest.Journal) []string {
	ginkgo.DeferCleanup(func(ctx ginkgo.SpecContext) { must(e.down(ctx, journal)) }, ginkgo.NodeTimeout(tearDown))
	limited, cancel := context.WithTimeout(ctx, bringUpTime)
	defer cancel()
	must(e.up(limited, journal))
	e.found.ready = true
	return e.variables(journal)
}

// up starts the stack, seeds it, and hands the ids over in files.
func (e *Environment) up(ctx context.Context, journal *ginkgopytest.Journal) (err error) {
	// A wrong workflow is told before anything is started for it.
	if _, err := workflows.All(); err != nil {
		return err
	}
	if _, err := e.settings.keep(); err != nil {
		return err
	}
	if e.run, err = runs.Acquire(journal.RunID); err != nil {
		return err
	}
	if err := sweep(); err != nil {
		return err
	}
	e.begin = time.Now()
	e.stack, err = stack.Up(ctx, stack.Options{
		RunID:     journal.RunID,
		ReportDir: journal.Dir,
		Python:    e.settings.Path(".venv/bin/python"),
		RepoRoot:  e.settings.Root,
		Keep:      e.settings.Keep,
		Progress:  os.Stdout,
		Observe:   journal.Lane(infrastructureLane),
	})
	if err != nil {
		return err
	}
	for _, folder := range e.Manifests {
		if err := e.stack.Kube.ApplyDir(ctx, e.settings.Path(folder), e.stack.Namespace); err != nil {
			return err
		}
	}
	if e.before, err = evidence.Read(ctx, e.sources()); err != nil {
		return err
	}
	if err := e.seed(ctx, journal); err != nil {
		return err
	}
	scenarios, err := e.handOver(journal)
	if err != nil {
		return err
	}
	if err := e.stack.StartMockLLM(ctx, scenarios); err != nil {
		return err
	}
	return e.stack.WaitReady(ctx)
}

// sweep ends what dead runs left.
func sweep() error {
	swept, err := runs.Sweep()
	if err != nil {
		return fmt.Errorf("sweep dead runs: %w", err)
	}
	if found := swept.String(); found != "" {
		fmt.Println(found)
	}
	return nil
}

// sources are where the servers of the stack count.
func (e *Environment) sources() evidence.Sources {
	logs := e.stack.Logs
	return evidence.Sources{
		Seeded:     logs[parts.DataStorage],
		AccessLogs: []string{logs[parts.DataStorage], logs[parts.HAPI]},
		Reviews:    e.stack.Kube.Reviews,
	}
}

// check asks the servers once nobody calls them any more, and keeps what
// explains a failure while they still run.
func (e *Environment) check(ctx ginkgo.SpecContext, journal *ginkgopytest.Journal, tests *ginkgopytest.Summary) []string {
	violations := e.violations(ctx)
	if e.stack != nil {
		e.found.memory = e.stack.Memory()
	}
	e.found.tests = tests
	e.gather(ctx, journal, violations)
	return violations
}

// violations are the guarantees that do not hold. A run that never came up
// could not break one, and says itself why.
func (e *Environment) violations(ctx context.Context) []string {
	if !e.found.ready {
		return nil
	}
	var found []string
	for _, part := range e.stack.Dead() {
		found = append(found, "every part lives as long as the run, but "+part)
	}
	after, err := evidence.Read(ctx, e.sources())
	if err != nil {
		return append(found, fmt.Sprintf("the evidence could not be read: %v", err))
	}
	e.found.counts = after.Since(e.before)
	return append(found, e.found.counts.Violations(e.seeded.Posts, len(e.seeded.Workflows), time.Since(e.begin))...)
}

// down ends the stack, after which no file may have a secret of it.
func (e *Environment) down(ctx context.Context, journal *ginkgopytest.Journal) error {
	var problems []error
	if e.stack != nil {
		secrets, err := e.stack.Secrets()
		problems = append(problems, err, e.stack.Down(ctx))
		leaks, err := leak.Find(journal.Dir, secrets...)
		if len(leaks) > 0 {
			err = errors.Join(err, fmt.Errorf("no log and no report has a secret, but %s", strings.Join(leaks, ", ")))
		}
		problems = append(problems, err)
	}
	if e.run != nil {
		problems = append(problems, e.run.Release())
	}
	return errors.Join(problems...)
}

// finish adds the figures to the reports and ends the output of a failed run
// with where to look.
func (e *Environment) finish(journal *ginkgopytest.Journal, report types.Report) error {
	err := e.summarize(journal, report)
	e.found.pointOut(os.Stdout)
	return err
}

// must fails with the error's own words, without Gomega's dump of its structure.
func must(err error) {
	ginkgo.GinkgoHelper()
	if err != nil {
		ginkgo.Fail(err.Error())
	}
}

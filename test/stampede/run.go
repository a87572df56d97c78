package stampede

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"github.com/jordigilh/kubernaut/test/infrastructure/seed"
	"github.com/jordigilh/kubernaut/test/infrastructure/stack"
	"github.com/jordigilh/kubernaut/test/workflows"
)

// Load is a way to call, with its name in the report.
type Load struct {
	Name           string  `json:"name"`
	AtOnce         bool    `json:"at_once"`
	TimeoutSeconds float64 `json:"timeout_seconds"`
	Attempts       int     `json:"attempts"`
}

// Run is one measurement on an empty catalogue.
type Run struct {
	Target   Target   `json:"target"`
	Load     Load     `json:"load"`
	Evidence Evidence `json:"evidence"`
}

// Options of a reproduction. DataStorageEnv changes the DataStorage that is measured.
type Options struct {
	Stack          *stack.Stack
	DataStorageEnv []string
	Progress       io.Writer
}

// maxExtensions bounds how often a comparison in time is repeated.
const maxExtensions = 2

// Reproduce takes all measurements. Where DataStorage was slower than the
// control it takes two more pairs, at most twice: on a machine that is busy
// with other things, those decide about tenths of a second.
func Reproduce(ctx context.Context, o Options) ([]Run, error) {
	done, err := o.Take(ctx, nil, Plan())
	for extension := 0; err == nil && extension < maxExtensions && len(slower(done)) > 0; extension++ {
		fmt.Fprintln(o.Progress, "B took longer than A': two more pairs")
		done, err = o.Take(ctx, done, pairs(2))
	}
	return done, err
}

// Take appends the measurements of the plan to those that are done.
func (o Options) Take(ctx context.Context, done, plan []Run) ([]Run, error) {
	all, err := workflows.All()
	if err != nil {
		return nil, err
	}
	bodies, err := seed.Bodies(all)
	if err != nil {
		return nil, err
	}
	for _, run := range plan {
		number := len(done) + 1
		fmt.Fprintf(o.Progress, "run %d: %s, %s, %s ...\n", number, run.Target.Key, run.Target.Name, run.Load.Name)
		begin := time.Now()
		if run.Evidence, err = o.measure(ctx, fmt.Sprintf("run-%02d", number), run, bodies); err != nil {
			return done, fmt.Errorf("%s, %s: %w", run.Target.Name, run.Load.Name, err)
		}
		fmt.Fprintf(o.Progress, "  %d requests, %d of %d workflows created in %.2f s; with starts and stops %.0f s\n",
			run.Evidence.Posts.Total(), run.Evidence.Created, len(all), run.Evidence.Seconds, time.Since(begin).Seconds())
		done = append(done, run)
	}
	return done, nil
}

// measure sends one load to a DataStorage of its own.
func (o Options) measure(ctx context.Context, name string, run Run, bodies []json.RawMessage) (e Evidence, err error) {
	target, err := o.Stack.StartInstance(ctx, name, o.DataStorageEnv...)
	if err != nil {
		return e, err
	}
	defer func() { err = errors.Join(err, target.Stop(context.WithoutCancel(ctx))) }()
	before, err := o.Stack.Kube.Reviews(ctx)
	if err != nil {
		return e, err
	}
	seen, reviewerLog, err := o.sendTo(ctx, target, run, bodies)
	if err != nil {
		return e, err
	}
	after, err := o.Stack.Kube.Reviews(ctx)
	if err != nil {
		return e, err
	}
	e.Seconds, e.TestsPassed, e.ForeignCPU = seen.seconds, seen.passed, seen.foreignCPU
	e.addReviews(before, after)
	if e.Created, err = countWorkflows(ctx, target.URL, o.Stack.ClientTokenFile); err != nil {
		return e, err
	}
	err = e.readLogs(target.Log, reviewerLog)
	return e, err
}

// sendTo puts the reviewer in front if the run has one, and returns its log.
func (o Options) sendTo(ctx context.Context, target *stack.Instance, run Run, bodies []json.RawMessage) (seen outcome, log string, err error) {
	url := target.URL
	if run.Target.Reviewed {
		log = filepath.Join(target.LogDir, "reviewer.log")
		f, err := startFront(o.Stack, target.URL, log, run.Target.QPS, run.Target.Burst)
		if err != nil {
			return seen, "", err
		}
		defer func() { err = errors.Join(err, f.stop(ctx)) }()
		url = f.url
	}
	p := pytest{python: filepath.Join(o.Stack.RepoRoot, ".venv-e2e", "bin", "python"), runID: o.Stack.RunID,
		suite: filepath.Join(o.Stack.RepoRoot, "test", "stampede", "naive"), dir: target.LogDir}
	seen, err = p.send(ctx, callerPlan{URL: url, TokenFile: o.Stack.ClientTokenFile, AtOnce: run.Load.AtOnce,
		TimeoutSeconds: run.Load.TimeoutSeconds, Attempts: run.Load.Attempts, Workflows: bodies})
	return seen, log, err
}

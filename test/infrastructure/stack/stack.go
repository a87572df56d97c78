// Package stack brings the embedded stack up for the end-to-end suite and
// takes it down.
package stack

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/jordigilh/kubernaut/test/infrastructure/addr"
	"github.com/jordigilh/kubernaut/test/infrastructure/controlplane"
	"github.com/jordigilh/kubernaut/test/infrastructure/kube"
	"github.com/jordigilh/kubernaut/test/infrastructure/postgres"
	"github.com/jordigilh/kubernaut/test/infrastructure/runs"
	"github.com/jordigilh/kubernaut/test/infrastructure/service"
)

const readyPath = "/health/ready"

// Namespace is that of deploy/rbac.
const Namespace = "holmesgpt-api-e2e"

// Options describe one run. An empty Namespace means that of deploy/rbac;
// DataStorageEnv comes on top of what the stack itself sets.
type Options struct {
	RunID, ReportDir, Python, RepoRoot, Namespace string
	Without                                       []Optional
	DataStorageEnv                                []string
	Keep                                          bool
	Progress                                      io.Writer
	// Observe is told of every step; nil means that nobody asks.
	Observe Observer
}

// Phase is one measured step; times are seconds since the start.
type Phase struct {
	Name    string  `json:"name"`
	StartS  float64 `json:"start_s"`
	Seconds float64 `json:"seconds"`
}

// Stack is the running environment. ClientTokenFile holds the caller's token.
// Logs leads from a part to its log: those of parts that a kept stack carries
// over lie in the LogDir of an earlier run and go on there.
type Stack struct {
	Options
	Dir, LogDir, ClientTokenFile                         string
	ControlPlane                                         *controlplane.ControlPlane
	Kube                                                 *kube.Client
	Postgres                                             *postgres.Server
	DataStorage, HolmesGPT, MockLLM                      *service.Service
	DataStorageURL, HolmesGPTURL, MockLLMURL, Kubeconfig string

	Logs   map[string]string
	Reused bool

	// owner is the run whose mark the processes carry.
	owner, assets string
	claim         *claim
	fingerprints  map[string]string
	ports         map[string]int

	listeners map[string]*addr.Listener
	begin     time.Time
	mu        sync.Mutex
	phases    []Phase
	hapiEnded func(error)
	hapiBegin time.Time
}

// Up starts every part, or none: on failure the parts already up are stopped.
// With Keep it reuses the stack that an earlier run kept.
func Up(ctx context.Context, opts Options) (*Stack, error) {
	if err := opts.check(); err != nil {
		return nil, err
	}
	if !opts.Keep {
		return fresh(ctx, newStack(opts))
	}
	c, err := claimKept(opts.RepoRoot)
	if err != nil {
		return nil, err
	}
	s, err := upKept(ctx, opts, c)
	if err != nil {
		return nil, errors.Join(err, c.release())
	}
	return s, nil
}

func newStack(opts Options) *Stack {
	if opts.Namespace == "" {
		opts.Namespace = Namespace
	}
	return &Stack{Options: opts, owner: opts.RunID, begin: time.Now(), LogDir: filepath.Join(opts.ReportDir, "logs"),
		Dir: filepath.Join(os.TempDir(), "kubernaut-"+opts.RunID), Logs: map[string]string{},
		ports: map[string]int{}, listeners: map[string]*addr.Listener{}}
}

func fresh(ctx context.Context, s *Stack) (_ *Stack, err error) {
	defer func() {
		if err != nil {
			err = errors.Join(err, s.stop(context.WithoutCancel(ctx)))
		}
	}()
	if err := s.prepare(); err != nil {
		return nil, fmt.Errorf("prepare the stack: %w", err)
	}
	group, groupCtx := errgroup.WithContext(ctx)
	group.Go(func() error { return s.phase("control plane", func() error { return s.startControlPlane(groupCtx) }) })
	if !s.lacks(DataStorage) {
		group.Go(func() error { return s.phase("datastorage", func() error { return s.startDatabase(groupCtx) }) })
	}
	group.Go(s.startHolmesGPT)
	if err := group.Wait(); err != nil {
		return nil, err
	}
	if s.Keep {
		return s, s.claim.save(s.record())
	}
	return s, nil
}

// StartMockLLM starts the Mock LLM on the scenarios that the seed wrote.
func (s *Stack) StartMockLLM(ctx context.Context, scenarios string) (err error) {
	if s.lacks(MockLLM) {
		return fmt.Errorf("the stack was brought up without %s", MockLLM)
	}
	return s.phase("mock-llm", func() error {
		if s.MockLLM, err = s.launch(mockLLM, "mock_llm", []string{"MOCK_LLM_CONFIG_PATH=" + scenarios}); err != nil {
			return err
		}
		if s.Keep {
			if err := s.claim.save(s.record()); err != nil {
				return err
			}
		}
		return s.MockLLM.WaitReady(ctx, "/health")
	})
}

// WaitReady waits for the last part to come up, if the stack has it.
func (s *Stack) WaitReady(ctx context.Context) error {
	if s.lacks(HAPI) {
		return nil
	}
	err := s.measureFrom(s.hapiBegin, "HAPI ready", func() error { return s.HolmesGPT.WaitReady(ctx, readyPath) })
	s.endHolmesGPT(err)
	return err
}

// Phases lists what has been measured so far.
func (s *Stack) Phases() []Phase {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Phase(nil), s.phases...)
}

// Down stops every part in reverse, unless the stack is kept.
func (s *Stack) Down(ctx context.Context) error {
	if s.Keep {
		return s.leave()
	}
	return s.phase("down", func() error { return s.stop(ctx) })
}

func (s *Stack) stop(ctx context.Context) error {
	s.endHolmesGPT(errNotReady)
	var group errgroup.Group
	for _, part := range []*service.Service{s.MockLLM, s.HolmesGPT, s.DataStorage} {
		if part != nil {
			group.Go(func() error { return part.Process.Stop(ctx) })
		}
	}
	errs := []error{group.Wait()}
	if s.Postgres != nil {
		group.Go(func() error { return s.Postgres.Discard(ctx) })
	}
	if s.ControlPlane != nil {
		group.Go(func() error { return s.ControlPlane.Stop(ctx) })
	}
	errs = append(errs, group.Wait(), runs.Forget(s.owner), os.RemoveAll(s.Dir))
	for _, listener := range s.listeners {
		_ = listener.Close()
	}
	err := errors.Join(errs...)
	// What could not be ended stays on record.
	if err == nil && s.claim != nil {
		err = s.claim.forget()
	}
	return err
}

func (s *Stack) phase(name string, step func() error) error {
	return s.measure(name, func() error { return s.observed(name, step) })
}

func (s *Stack) measure(name string, step func() error) error {
	return s.measureFrom(time.Now(), name, step)
}

// measureFrom counts from an earlier begin: some steps overlap others.
func (s *Stack) measureFrom(begin time.Time, name string, step func() error) error {
	err := step()
	p := Phase{name, begin.Sub(s.begin).Seconds(), time.Since(begin).Seconds()}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.phases = append(s.phases, p)
	if s.Progress != nil && err == nil {
		fmt.Fprintf(s.Progress, "%s: %.1f s\n", name, p.Seconds)
	}
	return err
}

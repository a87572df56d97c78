// Package stack brings a stack up for the suites and takes it down.
package stack

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"k8s.io/client-go/rest"

	"github.com/jordigilh/kubernaut/test/infrastructure/controlplane"
	"github.com/jordigilh/kubernaut/test/infrastructure/kube"
	"github.com/jordigilh/kubernaut/test/infrastructure/parts"
	"github.com/jordigilh/kubernaut/test/infrastructure/provider/embedded"
	"github.com/jordigilh/kubernaut/test/infrastructure/runs"
)

// Namespace is that of deploy/rbac.
const Namespace = "holmesgpt-api-e2e"

// Stack is the running environment. Reused says that an earlier run made it.
type Stack struct {
	Options
	Places
	Kube   *kube.Client
	Reused bool

	assembly
	keeping
	inputs map[string]string
	clock  *clock
}

// Up starts every part that can start before the seed, or none: on failure the
// parts already up are stopped. With Keep it reuses the stack that an earlier
// run kept.
func Up(ctx context.Context, opts Options) (*Stack, error) {
	if err := opts.check(); err != nil {
		return nil, err
	}
	if opts.Keep {
		return upKept(ctx, opts)
	}
	s, err := newStack(opts, opts.RunID)
	if err != nil {
		return nil, err
	}
	return up(s, s.fresh(ctx))
}

// up is a stack, or why there is none.
func up(s *Stack, err error) (*Stack, error) {
	if err != nil {
		return nil, err
	}
	return s, nil
}

// newStack describes a stack whose processes carry the mark of the owner.
func newStack(opts Options, owner string) (*Stack, error) {
	if opts.Namespace == "" {
		opts.Namespace = Namespace
	}
	s := &Stack{Options: opts, keeping: keeping{owner: owner}, inputs: map[string]string{},
		clock: &clock{begin: time.Now(), observe: opts.Observe}}
	place := embedded.New(embedded.Settings{RunID: owner, LogDir: opts.logDir(), Python: opts.Python,
		RepoRoot: opts.RepoRoot, Keep: opts.Keep, Durable: opts.Durable, Wiring: wiring{s}, Extra: s.environment()})
	s.Places = newPlaces(place.Dir())
	s.LogDir = opts.logDir()
	var err error
	s.assembly, err = assemble(place, s.Options, &s.Places, s.clock.step)
	return s, err
}

// environment is what every service gets, with what the options add.
func (s *Stack) environment() map[string][]string {
	found := map[string][]string{}
	for _, service := range services() {
		found[service] = append([]string{"POD_NAMESPACE=" + s.Namespace}, s.Env[service]...)
	}
	return found
}

// fresh makes the place and its parts.
func (s *Stack) fresh(ctx context.Context) error {
	return s.orDown(ctx, func() error {
		if err := s.prepare(ctx); err != nil {
			return fmt.Errorf("prepare the stack: %w", err)
		}
		s.group.Start(ctx)
		return s.await(ctx, s.group.Independent(parts.Scenarios)...)
	})
}

// orDown stops everything when the body fails.
func (s *Stack) orDown(ctx context.Context, body func() error) error {
	err := body()
	if err != nil {
		err = errors.Join(err, s.stop(context.WithoutCancel(ctx)))
	}
	return err
}

func (s *Stack) prepare(ctx context.Context) error {
	if err := s.place.Create(ctx); err != nil {
		return err
	}
	for _, part := range s.kept {
		if err := part.Prepare(); err != nil {
			return err
		}
	}
	s.locate(&s.Places)
	if !s.Keep {
		return nil
	}
	// The record comes first: what it does not name could never be ended.
	return errors.Join(s.save(), runs.Keep(s.owner))
}

// await waits for parts, and records and tells what came up meanwhile.
func (s *Stack) await(ctx context.Context, names ...string) error {
	err := s.group.Wait(ctx, names...)
	s.clock.tell(s.Progress)
	s.Kube = s.access.client
	if err != nil || !s.Keep {
		return err
	}
	return s.save()
}

// StartMockLLM starts the Mock LLM on the scenarios that the seed wrote.
func (s *Stack) StartMockLLM(ctx context.Context, scenarios string) error {
	if s.lacks(parts.MockLLM) {
		return fmt.Errorf("the stack was brought up without %s", parts.MockLLM)
	}
	s.inputs[parts.Scenarios] = scenarios
	s.group.Provide(parts.Scenarios)
	return s.await(ctx, parts.MockLLM)
}

// WaitReady waits for every part.
func (s *Stack) WaitReady(ctx context.Context) error {
	if s.lacks(parts.MockLLM) {
		return s.await(ctx, s.group.Independent(parts.Scenarios)...)
	}
	return s.await(ctx, s.group.Names()...)
}

// Phases lists what has been measured so far.
func (s *Stack) Phases() []Phase { return s.clock.all() }

// Config is that of the API server's administrator.
func (s *Stack) Config() *rest.Config { return s.plane.Config() }

// MintToken signs a token as the API server would, where the run owns its key.
func (s *Stack) MintToken(claims controlplane.Claims) (string, error) {
	owner, owned := s.plane.(interface {
		MintToken(controlplane.Claims) (string, error)
	})
	if !owned {
		return "", fmt.Errorf("the provider %s has no signing key", s.place.Name())
	}
	return owner.MintToken(claims)
}

// Down stops every part, callers before what they call, unless the stack is kept.
func (s *Stack) Down(ctx context.Context) error {
	if s.Keep {
		return s.leave()
	}
	ended := s.clock.step("down")
	err := s.stop(ctx)
	ended(err)
	s.clock.tell(s.Progress)
	return err
}

func (s *Stack) stop(ctx context.Context) error {
	return errors.Join(s.group.Stop(ctx), s.dispose(ctx))
}

// dispose removes the place. What could not be removed stays on record.
func (s *Stack) dispose(ctx context.Context) error {
	dangling, err := s.place.Dispose(ctx)
	err = errors.Join(err, runs.Forget(s.owner))
	if len(dangling) > 0 {
		err = errors.Join(err, fmt.Errorf("run %s leaves behind: %s", s.owner, strings.Join(dangling, ", ")))
	}
	if err != nil || s.claim == nil {
		return err
	}
	return s.claim.forget()
}

func (s *Stack) say(format string, values ...any) {
	if s.Progress != nil {
		fmt.Fprintf(s.Progress, format+"\n", values...)
	}
}

package stack

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/jordigilh/kubernaut/test/infrastructure/parts"
	"github.com/jordigilh/kubernaut/test/infrastructure/provider"
)

// keeping is the life of a stack beyond its run: owner is the run whose mark
// the processes carry, claim the sole use of a kept stack.
type keeping struct {
	owner string
	claim *claim
}

// upKept reuses the kept stack, or replaces one that is not whole.
func upKept(ctx context.Context, opts Options) (*Stack, error) {
	c, err := claimKept(opts.RepoRoot)
	if err != nil {
		return nil, err
	}
	s, err := reuseOrReplace(ctx, opts, c)
	if err != nil {
		return nil, errors.Join(err, c.release())
	}
	return s, nil
}

func reuseOrReplace(ctx context.Context, opts Options, c *claim) (*Stack, error) {
	old, err := c.load()
	if err != nil {
		return nil, err
	}
	if old != nil {
		s, reason, err := reuse(ctx, opts, c, *old)
		if reason == nil {
			return up(s, err)
		}
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		s.say("the kept stack of run %s is replaced: %v", old.RunID, reason)
		if err := end(ctx, c, *old, opts.RepoRoot, io.Discard); err != nil {
			return nil, err
		}
	}
	s, err := newStack(opts, opts.RunID)
	if err != nil {
		return nil, err
	}
	s.claim = c
	if err := s.identify(); err != nil {
		return nil, err
	}
	return up(s, s.fresh(ctx))
}

// identify takes the fingerprints before anything starts.
func (s *Stack) identify() error {
	for _, part := range s.kept {
		if _, err := part.Fingerprint(); err != nil {
			return fmt.Errorf("fingerprint %s: %w", part.Name(), err)
		}
	}
	return nil
}

// reuse brings the kept stack to the state of the checkout. A reason says why
// it cannot be reused.
func reuse(ctx context.Context, opts Options, c *claim, old record) (_ *Stack, reason, err error) {
	s, err := newStack(opts, old.RunID)
	if err != nil {
		return nil, nil, err
	}
	s.claim, s.Reused = c, true
	if err := s.identify(); err != nil {
		return nil, nil, err
	}
	whole, anew, reason := s.compare(old)
	if reason == nil {
		reason = s.adopt(ctx, old, whole, anew)
	}
	if reason != nil {
		return s, errors.Join(reason, s.place.Release()), nil
	}
	s.sayReused(anew)
	return s, nil, s.orDown(ctx, func() error { return s.refresh(ctx) })
}

// compare tells the kept parts that go on from those that start anew: services
// that are made of something else now, or that need what this run provides.
func (s *Stack) compare(old record) (whole []provider.Part, anew []provider.Replaceable, err error) {
	if old.Namespace != s.Namespace || old.Provider != s.place.Name() {
		return nil, nil, fmt.Errorf("it is of provider %q with namespace %q", old.Provider, old.Namespace)
	}
	for _, part := range s.kept {
		kept := old.Parts[part.Name()]
		digest, err := part.Fingerprint()
		if err != nil {
			return nil, nil, err
		}
		replaceable, can := part.(provider.Replaceable)
		switch {
		case kept.URL == "":
			return nil, nil, errors.New("it never came up")
		case can && (digest != kept.Fingerprint || needsInput(part.Name())):
			anew = append(anew, replaceable)
		case digest != kept.Fingerprint:
			return nil, nil, fmt.Errorf("it uses another %s", part.Name())
		default:
			whole = append(whole, part)
		}
	}
	return whole, anew, nil
}

// adopt attaches what goes on, and only then ends what does not.
func (s *Stack) adopt(ctx context.Context, old record, whole []provider.Part, anew []provider.Replaceable) error {
	var attaching, replacing errgroup.Group
	for _, part := range whole {
		attaching.Go(func() error { return part.Attach(ctx, old.RunID, old.Parts[part.Name()]) })
	}
	if err := attaching.Wait(); err != nil {
		return err
	}
	for _, part := range whole {
		s.group.Adopt(part.Name())
	}
	for _, part := range anew {
		replacing.Go(func() error { return part.Replace(ctx, old.RunID, old.Parts[part.Name()]) })
	}
	return replacing.Wait()
}

// refresh starts what starts anew. The tokens are requested anew, too.
func (s *Stack) refresh(ctx context.Context) error {
	if err := s.place.Create(ctx); err != nil {
		return err
	}
	s.locate(&s.Places)
	s.group.Start(ctx)
	return s.await(ctx, s.group.Independent(parts.Scenarios)...)
}

func (s *Stack) sayReused(anew []provider.Replaceable) {
	var changed []string
	for _, part := range anew {
		if !needsInput(part.Name()) {
			changed = append(changed, part.Name())
		}
	}
	if len(changed) == 0 {
		s.say("the kept stack of run %s is reused", s.owner)
		return
	}
	s.say("the kept stack of run %s is reused; changed and restarted: %s", s.owner, strings.Join(changed, ", "))
}

// leave prints how to reach and how to end the stack.
func (s *Stack) leave() error {
	s.say("the stack is kept:")
	for _, name := range services() {
		s.say("  %-14s %s", name, s.URLs[name])
	}
	s.say("  %-14s %s", "kubeconfig", s.Kubeconfig)
	s.say("  %-14s %s", "end it with", "make stack-down")
	return errors.Join(s.place.Release(), s.claim.release())
}

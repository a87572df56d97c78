package stack

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/jordigilh/kubernaut/test/infrastructure/addr"
	"github.com/jordigilh/kubernaut/test/infrastructure/controlplane"
	"github.com/jordigilh/kubernaut/test/infrastructure/postgres"
	"github.com/jordigilh/kubernaut/test/infrastructure/process"
	"github.com/jordigilh/kubernaut/test/infrastructure/service"
)

const aliveLimit = 3 * time.Second

// DownKept ends the kept stack of the checkout and tells progress what it
// ended; false says that there was none.
func DownKept(ctx context.Context, root string, progress io.Writer) (_ bool, err error) {
	c, err := claimKept(root)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, c.release()) }()
	old, err := c.load()
	if err != nil || old == nil {
		return false, err
	}
	return true, old.end(ctx, c, progress)
}

// upKept reuses the kept stack, or replaces one that is not whole.
func upKept(ctx context.Context, opts Options, c *claim) (*Stack, error) {
	s := newStack(opts)
	s.claim = c
	if err := s.identify(); err != nil {
		return nil, err
	}
	old, err := c.load()
	if err != nil {
		return nil, err
	}
	if old == nil {
		return fresh(ctx, s)
	}
	reason := s.adopt(ctx, old)
	if reason == nil {
		return s.refresh(ctx)
	}
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	s.say("the kept stack of run %s is replaced: %v", old.RunID, reason)
	if err := old.end(ctx, c, io.Discard); err != nil {
		return nil, err
	}
	replacement := newStack(opts)
	replacement.claim, replacement.begin = c, s.begin
	if err := replacement.identify(); err != nil {
		return nil, err
	}
	return fresh(ctx, replacement)
}

func (s *Stack) identify() (err error) {
	if s.assets, err = controlplane.Assets(s.RepoRoot); err != nil {
		return err
	}
	s.fingerprints, err = fingerprints(s.RepoRoot, s.Python)
	return err
}

// adopt makes the kept parts those of s. An error means that they are not
// whole, or not those that s needs.
func (s *Stack) adopt(ctx context.Context, old *record) error {
	if err := s.fits(old); err != nil {
		return err
	}
	s.owner, s.Dir, s.Kubeconfig, s.ports = old.RunID, old.Dir, old.Kubeconfig, old.Ports
	s.Logs, s.ClientTokenFile, s.Reused = old.Logs, s.secret("client.token"), true
	s.DataStorageURL, s.HolmesGPTURL, s.MockLLMURL = old.URLs[dataStorage], old.URLs[holmesGPT], old.URLs[mockLLM]
	if err := s.attach(old); err != nil {
		return err
	}
	if err := s.alive(ctx); err != nil {
		return err
	}
	return s.vacate(ctx, old)
}

func (s *Stack) fits(old *record) error {
	given := os.Getenv("DATABASE_URL")
	switch {
	case old.ControlPlanePort == 0 || old.DatabaseURL == "":
		return errors.New("it never came up")
	case old.Namespace != s.Namespace:
		return fmt.Errorf("its namespace is %s", old.Namespace)
	case old.Assets != s.assets:
		return errors.New("it runs another control plane")
	case given != "" && given != old.DatabaseURL, given == "" && old.PIDs[database] == 0:
		return errors.New("it uses another database")
	}
	paths := []string{old.Kubeconfig, filepath.Join(old.Dir, "secrets", "controlplane", etcd)}
	for name := range old.PIDs {
		if name != mockLLM {
			paths = append(paths, old.Logs[name])
		}
	}
	for _, path := range paths {
		if _, err := os.Stat(path); err != nil {
			return err
		}
	}
	return nil
}

func (s *Stack) attach(old *record) (err error) {
	if s.ControlPlane, err = controlplane.Attach(s.secret("controlplane"), filepath.Dir(old.Logs[etcd]), old.RunID,
		old.ControlPlanePort, old.PIDs[etcd], old.PIDs[kubeAPIServer]); err != nil {
		return err
	}
	s.Postgres = &postgres.Server{URL: old.DatabaseURL}
	if pid := old.PIDs[database]; pid != 0 {
		if s.Postgres, err = postgres.Attach(old.DatabaseURL, old.Dir, old.RunID, old.Logs[database], pid); err != nil {
			return err
		}
	}
	attach := func(name string) (*service.Service, error) {
		return service.Attach(name, old.URLs[name], old.RunID, old.Logs[name], old.PIDs[name])
	}
	if s.DataStorage, err = attach(dataStorage); err != nil {
		return err
	}
	if s.HolmesGPT, err = attach(holmesGPT); err != nil {
		return err
	}
	// The Mock LLM is replaced anyway, so that it may be gone.
	if s.MockLLM, err = attach(mockLLM); err != nil {
		s.MockLLM = nil
	}
	return nil
}

func (s *Stack) alive(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, aliveLimit)
	defer cancel()
	var group errgroup.Group
	group.Go(func() error { return s.ControlPlane.Ready(ctx) })
	for _, part := range []*service.Service{s.DataStorage, s.HolmesGPT} {
		group.Go(func() error { return part.Probe(ctx, "/health/live") })
	}
	return group.Wait()
}

// vacate stops the services that are to start anew and takes their ports over
// at once, because the other parts know the URLs.
func (s *Stack) vacate(ctx context.Context, old *record) error {
	names := []string{mockLLM}
	for _, name := range []string{dataStorage, holmesGPT} {
		if old.Fingerprints[name] != s.fingerprints[name] {
			names = append(names, name)
		}
	}
	running, listeners := s.parts(), make([]*addr.Listener, len(names))
	var group errgroup.Group
	for i, name := range names {
		group.Go(func() error {
			if part := running[name]; part != nil {
				if err := part.Stop(ctx); err != nil {
					return err
				}
			}
			// A process loses its environment, the sign of life, before its sockets.
			return process.Wait(ctx, name+": take its port over", aliveLimit, func(context.Context) (err error) {
				listeners[i], err = addr.ListenAt(old.Ports[name])
				return err
			})
		})
	}
	err := group.Wait()
	for i, name := range names {
		if err == nil {
			s.listeners[name], s.Logs[name] = listeners[i], s.logPath(name)
		} else if listeners[i] != nil {
			_ = listeners[i].Close()
		}
	}
	s.MockLLM = nil
	return err
}

// refresh brings the adopted stack to the state of the checkout.
func (s *Stack) refresh(ctx context.Context) (_ *Stack, err error) {
	defer func() {
		if err != nil {
			err = errors.Join(err, s.stop(context.WithoutCancel(ctx)))
		}
	}()
	if err := os.MkdirAll(s.LogDir, 0o755); err != nil {
		return nil, err
	}
	s.sayReused()
	group, groupCtx := errgroup.WithContext(ctx)
	group.Go(func() error { return s.phase("control plane", func() error { return s.prepareKube(groupCtx) }) })
	group.Go(func() error { return s.phase("datastorage", func() error { return s.startDataStorage(groupCtx) }) })
	group.Go(s.startHolmesGPT)
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return s, s.claim.save(s.record())
}

func (s *Stack) sayReused() {
	var restarted []string
	for _, name := range []string{dataStorage, holmesGPT} {
		if s.listeners[name] != nil {
			restarted = append(restarted, name)
		}
	}
	if len(restarted) == 0 {
		s.say("the kept stack of run %s is reused", s.owner)
		return
	}
	s.say("the kept stack of run %s is reused; changed and restarted: %s", s.owner, strings.Join(restarted, ", "))
}

func (s *Stack) say(format string, values ...any) {
	if s.Progress != nil {
		fmt.Fprintf(s.Progress, format+"\n", values...)
	}
}

// leave prints how to reach and how to end the stack.
func (s *Stack) leave() error {
	s.say("the stack is kept:")
	for _, line := range [][2]string{{dataStorage, s.DataStorageURL}, {holmesGPT, s.HolmesGPTURL},
		{mockLLM, s.MockLLMURL}, {"kubeconfig", s.Kubeconfig}, {"end it with", "make stack-down"}} {
		s.say("  %-14s %s", line[0], line[1])
	}
	for _, listener := range s.listeners {
		_ = listener.Close()
	}
	return s.claim.release()
}

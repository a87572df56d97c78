package embedded

import (
	"context"
	"errors"
	"fmt"
	"syscall"
	"time"

	"github.com/jordigilh/kubernaut/test/infrastructure/addr"
	"github.com/jordigilh/kubernaut/test/infrastructure/process"
	"github.com/jordigilh/kubernaut/test/infrastructure/provider"
	"github.com/jordigilh/kubernaut/test/infrastructure/service"
)

const (
	vacateLimit = 3 * time.Second
	aliveLimit  = 3 * time.Second
	// livePath answers 200 while a service lives, whatever it waits for.
	livePath = "/health/live"
)

// pythonService is a child that inherits a listener which is bound before.
type pythonService struct {
	provider.Definition
	place    *Place
	logs     map[string]string
	url      string
	listener *addr.Listener
	running  *service.Service
	digest   string
}

var _ provider.Replaceable = (*pythonService)(nil)

// Service makes the part.
func (p *Place) Service(definition provider.Definition) provider.Part {
	return &pythonService{Definition: definition, place: p, logs: p.logs(definition.Name)}
}

func (s *pythonService) Name() string { return s.Definition.Name }

// Prepare binds the listener, so that the URL is known.
func (s *pythonService) Prepare() error {
	listener, err := addr.Listen(s.Port)
	if err != nil {
		return fmt.Errorf("%s: %w", s.Name(), err)
	}
	s.bound(listener)
	return nil
}

func (s *pythonService) bound(listener *addr.Listener) {
	s.listener, s.url = listener, listener.URL()
	s.place.listeners = append(s.place.listeners, listener)
}

func (s *pythonService) Start(context.Context) (err error) {
	env := append(append(s.Env(s.place.Wiring), s.place.Extra[s.Name()]...), s.place.mark()...)
	s.running, err = service.Launch(service.Spec{Name: s.Name(), Module: s.Module, Python: s.place.Python,
		Dir: s.place.RepoRoot, LogDir: s.place.LogDir, Env: env, Listener: s.listener, Keep: s.place.Keep})
	// A copy kept open here would let callers of a dead service hang.
	return errors.Join(err, s.listener.Close())
}

func (s *pythonService) Ready(ctx context.Context) error {
	return s.running.WaitReady(ctx, s.Readiness)
}

// Stop gives time to a service that may hold something.
func (s *pythonService) Stop(ctx context.Context) error {
	switch {
	case s.running == nil:
		return nil
	case s.Holds:
		return s.running.Process.Stop(ctx)
	}
	return s.running.Process.Discard(ctx, syscall.SIGKILL)
}

func (s *pythonService) URL() string { return s.url }

func (s *pythonService) Logs() map[string]string { return s.logs }

func (s *pythonService) Processes() []*process.Process {
	if s.running == nil {
		return nil
	}
	return present(s.running.Process)
}

func (s *pythonService) Save() provider.Kept {
	return saved(s.url, s.digest, s.logs, s.Processes())
}

func (s *pythonService) Fingerprint() (_ string, err error) {
	if s.digest == "" {
		s.digest, err = fingerprint(s.place.RepoRoot, s.place.Python, s.Sources)
	}
	return s.digest, err
}

func (s *pythonService) Attach(ctx context.Context, runID string, kept provider.Kept) error {
	if err := s.attach(runID, kept); err != nil {
		return err
	}
	s.logs = kept.Logs
	ctx, cancel := context.WithTimeout(ctx, aliveLimit)
	defer cancel()
	return errors.Join(exist(kept.Logs), s.running.Probe(ctx, livePath))
}

func (s *pythonService) attach(runID string, kept provider.Kept) (err error) {
	s.url = kept.URL
	s.running, err = service.Attach(s.Name(), kept.URL, runID, kept.Logs[s.Name()], kept.PIDs[s.Name()])
	return err
}

// Replace ends the kept one, which may be gone, and takes its port over.
func (s *pythonService) Replace(ctx context.Context, runID string, kept provider.Kept) error {
	port, err := portOf(kept.URL)
	if err != nil {
		return err
	}
	if err := s.attach(runID, kept); err == nil {
		if err := s.Stop(ctx); err != nil {
			return err
		}
	}
	s.running = nil
	// A process loses its environment, the sign of life, before its sockets.
	return process.Wait(ctx, s.Name()+": take its port over", vacateLimit, func(context.Context) error {
		listener, err := addr.ListenAt(port)
		if err == nil {
			s.bound(listener)
		}
		return err
	})
}

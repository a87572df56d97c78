package stack

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/jordigilh/kubernaut/test/infrastructure/addr"
	"github.com/jordigilh/kubernaut/test/infrastructure/parts"
	"github.com/jordigilh/kubernaut/test/infrastructure/postgres"
	"github.com/jordigilh/kubernaut/test/infrastructure/provider"
	"github.com/jordigilh/kubernaut/test/infrastructure/runs"
	"github.com/jordigilh/kubernaut/test/infrastructure/service"
)

// Instance is one more DataStorage on the stack's control plane, with an empty
// database of its own.
type Instance struct {
	URL, LogDir, Log string

	dir      string
	database *postgres.Server
	service  *service.Service
}

// StartInstance starts a DataStorage; its name is that of its folders, and env
// comes on top of what the stack itself sets.
func (s *Stack) StartInstance(ctx context.Context, name string, env ...string) (_ *Instance, err error) {
	if !s.place.Capabilities().Processes {
		return nil, fmt.Errorf("an instance is a process beside the stack's, which the provider %s does not have", s.place.Name())
	}
	if os.Getenv("DATABASE_URL") != "" {
		return nil, errors.New("DATABASE_URL names one database for all; unset it, an instance needs an empty one of its own")
	}
	i := &Instance{dir: filepath.Join(s.Dir, name), LogDir: filepath.Join(s.LogDir, name)}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("start DataStorage %s: %w", name, err), i.Stop(context.WithoutCancel(ctx)))
		}
	}()
	if err := errors.Join(os.MkdirAll(i.LogDir, 0o755), os.Mkdir(i.dir, 0o711)); err != nil {
		return nil, err
	}
	if i.database, err = postgres.Start(ctx, postgres.Options{Python: s.Python, Dir: i.dir, LogDir: i.LogDir,
		Env: runs.Mark(s.owner), Durable: s.Durable}); err != nil {
		return nil, err
	}
	return i, i.serve(ctx, s, env)
}

func (i *Instance) serve(ctx context.Context, s *Stack, env []string) error {
	listener, err := addr.Listen(0)
	if err != nil {
		return err
	}
	defer listener.Close()
	own := memberOf(parts.DataStorage)
	env = slices.Concat(own.Env(ownDatabase{wiring{s}, i.database.URL}), s.environment()[own.Name], runs.Mark(s.owner), env)
	i.service, err = service.Launch(service.Spec{Name: own.Name, Module: own.Module, Python: s.Python,
		Dir: s.RepoRoot, LogDir: i.LogDir, Env: env, Listener: listener})
	if err != nil {
		return err
	}
	i.URL, i.Log = i.service.URL, i.service.Process.LogPath
	return i.service.WaitReady(ctx, own.Readiness)
}

// ownDatabase is the wiring of the stack, but for the database.
type ownDatabase struct {
	provider.Wiring
	url string
}

func (o ownDatabase) URL(part string) string {
	if part == parts.Postgres {
		return o.url
	}
	return o.Wiring.URL(part)
}

// Stop ends the service, then its database, and removes the data; logs stay.
func (i *Instance) Stop(ctx context.Context) error {
	var errs []error
	if i.service != nil {
		errs = append(errs, i.service.Process.Stop(ctx))
	}
	if i.database != nil {
		errs = append(errs, i.database.Discard(ctx))
	}
	return errors.Join(append(errs, os.RemoveAll(i.dir))...)
}

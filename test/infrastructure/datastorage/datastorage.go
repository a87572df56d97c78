// Package datastorage runs a DataStorage for Go tests that need its database and
// not Kubernetes: its reviewer knows one token, which may do everything.
package datastorage

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/jordigilh/kubernaut/test/infrastructure/addr"
	"github.com/jordigilh/kubernaut/test/infrastructure/parts"
	"github.com/jordigilh/kubernaut/test/infrastructure/postgres"
	"github.com/jordigilh/kubernaut/test/infrastructure/process"
	"github.com/jordigilh/kubernaut/test/infrastructure/service"
)

// token is the one that datastorage/tests/serve.py knows.
const token = "good"

// Server is a running DataStorage; TokenFile holds a token that may do everything.
type Server struct {
	URL, TokenFile string
}

// Start returns a DataStorage with an empty database, which ends with the test.
func Start(t testing.TB) Server {
	t.Helper()
	server, err := start(t)
	if err != nil {
		t.Fatalf("start DataStorage: %v", err)
	}
	return server
}

func start(t testing.TB) (Server, error) {
	root, err := repository()
	if err != nil {
		return Server{}, err
	}
	dir, err := os.MkdirTemp("", "datastorage-")
	if err != nil {
		return Server{}, err
	}
	stop := func(what string, end func() error) {
		t.Cleanup(func() {
			if err := end(); err != nil {
				t.Errorf("stop %s: %v", what, err)
			}
		})
	}
	stop("folder", func() error { return os.RemoveAll(dir) })
	// PostgreSQL may run as another user.
	if err := os.Chmod(dir, 0o711); err != nil {
		return Server{}, err
	}
	python := filepath.Join(root, ".venv", "bin", "python")
	database, err := postgres.Start(t.Context(), postgres.Options{Python: python, Dir: dir, LogDir: dir})
	if err != nil {
		return Server{}, err
	}
	stop("PostgreSQL", func() error { return database.Discard(context.Background()) })
	running, err := serve(root, python, dir, database.URL)
	if err != nil {
		return Server{}, err
	}
	stop("DataStorage", func() error { return running.Process.Stop(context.Background()) })
	if err := running.WaitReady(t.Context(), "/health/ready"); err != nil {
		return Server{}, err
	}
	file := filepath.Join(dir, "token")
	return Server{URL: running.URL, TokenFile: file}, os.WriteFile(file, []byte(token), 0o600)
}

func serve(root, python, dir, database string) (*service.Service, error) {
	listener, err := addr.Listen(0)
	if err != nil {
		return nil, err
	}
	p, err := process.Launch(process.Spec{Name: parts.DataStorage, Path: python,
		Args: []string{filepath.Join(root, "datastorage", "tests", "serve.py"), database, "3"},
		Dir:  root, LogPath: filepath.Join(dir, parts.DataStorage+".log"), Files: []*os.File{listener.File}})
	return &service.Service{URL: listener.URL(), Process: p}, errors.Join(err, listener.Close())
}

// repository is the root of the checkout that this file was compiled from.
func repository() (string, error) {
	_, file, _, ok := runtime.Caller(0)
	if !ok {
		return "", errors.New("the place of this package is unknown")
	}
	root := filepath.Join(filepath.Dir(file), "..", "..", "..")
	if _, err := os.Stat(filepath.Join(root, "go.mod")); err != nil {
		return "", fmt.Errorf("not built in a checkout: %w", err)
	}
	return root, nil
}

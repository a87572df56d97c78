// Package postgres runs the one PostgreSQL server of a run from the binaries of
// a Python wheel, as a direct child on a unix socket. Its command does so for
// tests in Python.
package postgres

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/jordigilh/kubernaut/test/infrastructure/parts"
	"github.com/jordigilh/kubernaut/test/infrastructure/process"
)

// readyLimit is for a machine that is busy; one that dies is noticed at once.
const readyLimit = time.Minute

// name is that of the process and of its log.
const name = parts.Postgres

// immediate makes the server end its helpers, which are in groups of their
// own, and give its shared memory back, without a checkpoint.
const immediate = syscall.SIGQUIT

// Options say where the server lives; Dir must be traversable by every user.
// Durable waits for the disk at every commit, which measurements need.
type Options struct {
	Python  string
	Dir     string
	LogDir  string
	Env     []string
	Keep    bool
	Durable bool
}

// Server is a running PostgreSQL, or another one that DATABASE_URL names.
type Server struct {
	URL     string
	Process *process.Process

	dir string
}

// Open uses the server that DATABASE_URL names, or launches one.
func Open(ctx context.Context, opts Options) (*Server, error) {
	if given := os.Getenv("DATABASE_URL"); given != "" {
		return &Server{URL: given}, usable(ctx, opts.Python, given)
	}
	return Launch(ctx, opts)
}

// Start launches a server and waits for it.
func Start(ctx context.Context, opts Options) (*Server, error) {
	s, err := Launch(ctx, opts)
	if err != nil {
		return nil, err
	}
	if err := s.WaitReady(ctx); err != nil {
		return nil, errors.Join(err, s.Discard(context.WithoutCancel(ctx)))
	}
	return s, nil
}

// Launch makes a cluster and starts it; it does not wait until the server
// accepts connections.
func Launch(ctx context.Context, opts Options) (*Server, error) {
	if err := CheckPlace(opts.Dir); err != nil {
		return nil, err
	}
	owner, err := credential()
	if err != nil {
		return nil, err
	}
	bin, err := binaries(ctx, opts.Python, owner != nil)
	if err != nil {
		return nil, err
	}
	password := rand.Text()
	if err := initialise(ctx, bin, opts.Dir, password, owner); err != nil {
		return nil, err
	}
	data := dataDir(opts.Dir)
	p, err := process.Launch(process.Spec{Name: name, Path: filepath.Join(bin, "postgres"), Args: arguments(data, opts.Durable), Dir: "/",
		Env: opts.Env, LogPath: filepath.Join(opts.LogDir, name+".log"),
		Life: process.Life{Credential: owner, Keep: opts.Keep, LastSignal: immediate}})
	return &Server{Process: p, URL: address(data, password), dir: opts.Dir}, err
}

func arguments(data string, durable bool) []string {
	fsync := "fsync=off"
	if durable {
		fsync = "fsync=on"
	}
	// The server reads a list of folders.
	folder := `"` + strings.ReplaceAll(data, `"`, `""`) + `"`
	return []string{"-D", data, "-k", folder, "-c", "listen_addresses=", "-c", "port=" + port, "-c", fsync}
}

// address escapes as libpq reads it, for which + is no space.
func address(data, password string) string {
	return "postgresql://postgres:" + password + "@/postgres?host=" + url.PathEscape(data)
}

// Attach takes over a kept server that accepts connections.
func Attach(address, dir, runID, logPath string, pid int) (*Server, error) {
	p, err := process.Attach(name, pid, runID, logPath)
	if err != nil {
		return nil, err
	}
	s := &Server{URL: address, Process: p, dir: dir}
	return s, s.accepting(context.Background())
}

// WaitReady waits until the server accepts connections.
func (s *Server) WaitReady(ctx context.Context) error {
	if s.Process == nil {
		return nil
	}
	return s.Process.WaitReady(ctx, readyLimit, s.accepting)
}

// Discard ends the server, if this package started it, and gives up its data.
func (s *Server) Discard(ctx context.Context) error {
	if s.Process == nil {
		return nil
	}
	return s.Process.Discard(ctx, immediate)
}

// accepting reads the state that the server writes into its pid file.
func (s *Server) accepting(context.Context) error {
	content, err := os.ReadFile(filepath.Join(dataDir(s.dir), "postmaster.pid"))
	if err != nil {
		return err
	}
	lines := strings.Split(string(content), "\n")
	if len(lines) < 8 || strings.TrimSpace(lines[7]) != "ready" {
		return errors.New("the server is starting")
	}
	return nil
}

func initialise(ctx context.Context, bin, dir, password string, owner *syscall.Credential) error {
	data := dataDir(dir)
	if err := os.MkdirAll(data, 0o700); err != nil {
		return err
	}
	secret := data + ".password"
	if err := os.WriteFile(secret, []byte(password), 0o600); err != nil {
		return err
	}
	defer os.Remove(secret)
	if owner != nil {
		for _, path := range []string{data, secret} {
			if err := os.Chown(path, int(owner.Uid), int(owner.Gid)); err != nil {
				return err
			}
		}
	}
	cmd := exec.CommandContext(ctx, filepath.Join(bin, "initdb"), "-N", "-D", data, "-U", "postgres",
		"-E", "UTF8", "--locale=C", "-A", "scram-sha-256", "--pwfile="+secret)
	cmd.Dir, cmd.SysProcAttr = "/", &syscall.SysProcAttr{Credential: owner}
	if output, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", reason(ctx, err), output)
	}
	return nil
}

// reason of a command's failure: one whose context ended was killed for that.
func reason(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

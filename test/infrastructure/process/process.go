// Package process runs the parts of the stack as children that leave nothing
// behind: an own process group, a log file, a mark, a parent-death signal.
package process

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// Environment variables that every child carries.
const (
	MarkVariable = "KUBERNAUT_RUN_ID"
	KeepVariable = "KUBERNAUT_KEEP"
)

const (
	stopLimit = 10 * time.Second
	tailLines = 30
)

// Spec describes one child. Env comes on top of the environment of this
// process; Files become descriptors 3 and up. Life says how the child hangs on
// this one.
type Spec struct {
	Name    string
	Path    string
	Args    []string
	Env     []string
	Dir     string
	LogPath string
	Files   []*os.File
	Life    Life
}

// Life of a child: Keep lets it outlive this process; without, LastSignal is
// what it gets from the kernel when this process dies (zero: SIGKILL).
type Life struct {
	Keep       bool
	LastSignal syscall.Signal
	Credential *syscall.Credential
}

// Process is a running child, started here or attached to.
type Process struct {
	Name     string
	PID      int
	LogPath  string
	exited   chan struct{}
	err      error
	attached bool
	mark     string
}

// Launch starts the child and does not wait for it.
func Launch(spec Spec) (*Process, error) {
	log, err := os.OpenFile(spec.LogPath, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
	if err != nil {
		return nil, fmt.Errorf("%s: open log: %w", spec.Name, err)
	}
	defer log.Close()
	cmd := exec.Command(spec.Path, spec.Args...)
	cmd.Stdout, cmd.Stderr, cmd.Dir, cmd.ExtraFiles = log, log, spec.Dir, spec.Files
	cmd.Env = environment(os.Environ(), spec)
	cmd.SysProcAttr = attributes(spec.Life)
	cmd.SysProcAttr.Credential = spec.Life.Credential
	p := &Process{Name: spec.Name, LogPath: spec.LogPath, exited: make(chan struct{})}
	started := make(chan error, 1)
	go p.run(cmd, started)
	if err := <-started; err != nil {
		return nil, fmt.Errorf("%s: start: %w", spec.Name, err)
	}
	return p, nil
}

// run holds one OS thread for the child's life: the kernel sends the
// parent-death signal when the thread that forked the child ends.
func (p *Process) run(cmd *exec.Cmd, started chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	err := cmd.Start()
	if err == nil {
		p.PID = cmd.Process.Pid
	}
	started <- err
	if err != nil {
		return
	}
	p.err = cmd.Wait()
	close(p.exited)
}

// Start launches the child and waits until it is ready; a child that is not is
// stopped.
func Start(ctx context.Context, spec Spec, limit time.Duration, ready func(context.Context) error) (*Process, error) {
	p, err := Launch(spec)
	if err != nil {
		return nil, err
	}
	if err := p.WaitReady(ctx, limit, ready); err != nil {
		return nil, errors.Join(err, p.Stop(context.WithoutCancel(ctx)))
	}
	return p, nil
}

// WaitReady ends in one of three ways: ready, exited, timed out.
func (p *Process) WaitReady(ctx context.Context, limit time.Duration, ready func(context.Context) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	go func() {
		select {
		case <-p.exited:
			cancel(errExited)
		case <-ctx.Done():
		}
	}()
	err := Wait(ctx, p.Name+": wait for readiness", limit, ready)
	switch {
	case err == nil:
		return nil
	case errors.Is(context.Cause(ctx), errExited):
		return fmt.Errorf("%s: exited before it was ready: %v\n%s", p.Name, p.err, Tail(p.LogPath, tailLines))
	default:
		return fmt.Errorf("%w\n%s", err, Tail(p.LogPath, tailLines))
	}
}

var errExited = errors.New("exited")

// Ended tells how a child ended that was not stopped; nil while it runs.
func (p *Process) Ended() error {
	switch {
	case !p.gone():
		return nil
	case p.attached:
		return errors.New("is gone")
	case p.err != nil:
		return fmt.Errorf("ended: %w", p.err)
	}
	return errors.New("ended")
}

// Exited is closed when the child has ended.
func (p *Process) Exited() <-chan struct{} { return p.exited }

// Stop asks the group to end, waits, and kills what is left of it.
func (p *Process) Stop(ctx context.Context) error { return p.end(ctx, syscall.SIGINT) }

// Discard ends the group at once: for children whose data nobody reads again.
// SIGKILL takes the whole group; a child whose helpers are in other groups gets
// a signal on which it ends them itself.
func (p *Process) Discard(ctx context.Context, signal syscall.Signal) error {
	return p.end(ctx, signal)
}

func (p *Process) end(ctx context.Context, signal syscall.Signal) error {
	if p.attached && p.gone() {
		return nil
	}
	var errs []error
	if !p.gone() {
		errs = append(errs, p.signal(signal))
	}
	late := Wait(ctx, p.Name+": stop", stopLimit, p.running)
	// Members of the group may outlive its leader.
	errs = append(errs, p.signal(syscall.SIGKILL))
	if late != nil {
		errs = append(errs, Wait(context.WithoutCancel(ctx), p.Name+": kill", stopLimit, p.running))
	}
	return errors.Join(errs...)
}

// signal reaches the group; that nobody is left in it is no error.
func (p *Process) signal(signal syscall.Signal) error {
	if err := syscall.Kill(-p.PID, signal); err != nil && !errors.Is(err, syscall.ESRCH) {
		return fmt.Errorf("%s: send %v to its group: %w", p.Name, signal, err)
	}
	return nil
}

func (p *Process) running(context.Context) error {
	if p.gone() {
		return nil
	}
	return fmt.Errorf("process %d still runs", p.PID)
}

func (p *Process) gone() bool {
	if p.attached {
		return !Marked(p.PID, p.mark)
	}
	select {
	case <-p.exited:
		return true
	default:
		return false
	}
}

// Attach takes over a kept child; it fails when the pid no longer carries the
// run's mark.
func Attach(name string, pid int, runID, logPath string) (*Process, error) {
	if !Marked(pid, runID) {
		return nil, fmt.Errorf("%s: process %d of run %s is gone", name, pid, runID)
	}
	return &Process{Name: name, PID: pid, LogPath: logPath, exited: make(chan struct{}), attached: true, mark: runID}, nil
}

// Tail returns the last lines of a log.
func Tail(path string, lines int) string {
	data, err := os.ReadFile(path)
	if err != nil {
		return err.Error()
	}
	all := strings.Split(strings.TrimRight(string(data), "\n"), "\n")
	return strings.Join(all[max(0, len(all)-lines):], "\n")
}

func environment(base []string, spec Spec) []string {
	// Python's HTTP clients would ask a proxy even for the loopback.
	local := []string{"NO_PROXY=127.0.0.1,localhost", "no_proxy=127.0.0.1,localhost"}
	env := append(append([]string{}, base...), local...)
	return append(append(env, spec.Env...), KeepVariable+"="+keepSign(spec.Life.Keep))
}

package ginkgopytest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"syscall"
	"time"
)

const (
	// abortTime is what an aborted process gets to print its stacks.
	abortTime = 3 * time.Second
)

// process is pytest in a process group of its own.
type process struct {
	pid      int
	teardown time.Duration
	done     chan struct{}
	// ended is set when done is closed.
	ended exit

	mutex   sync.Mutex
	stopped string
}

// startProcess starts the command and writes the exit file when it has ended.
func (s Suite) startProcess(args []string, reportDir string, env []string) (*process, error) {
	keeper, err := hold(reportDir)
	if err != nil {
		return nil, err
	}
	if err := s.prepare(reportDir); err != nil {
		keeper.release()
		return nil, err
	}
	output, err := os.Create(filepath.Join(reportDir, logFile))
	if err != nil {
		keeper.release()
		return nil, err
	}
	command := exec.Command(args[0], args[1:]...)
	command.Dir, command.Env = s.Dir, env
	command.Stdout, command.Stderr = output, output
	command.SysProcAttr = attributes()
	p := &process{done: make(chan struct{}), teardown: orDefault(s.TeardownTime, defaultTeardownTime)}
	started := make(chan error)
	go func() {
		// The parent-death signal belongs to the thread that starts the child:
		// this one lives as long as the child does.
		runtime.LockOSThread()
		defer output.Close()
		begin := time.Now()
		err := command.Start()
		if err == nil {
			p.pid = command.Process.Pid
		}
		started <- err
		if err != nil {
			keeper.release()
			return
		}
		_ = command.Wait() // The state has what there is to know.
		// Workers outlive a pytest that was killed.
		_ = syscall.Kill(-p.pid, syscall.SIGKILL)
		p.ended = exit{
			Code: command.ProcessState.ExitCode(), Seconds: time.Since(begin).Seconds(),
			State: command.ProcessState.String(), Stopped: p.whyStopped(),
		}
		document, jsonErr := json.Marshal(p.ended)
		if err := errors.Join(jsonErr, writeFile(filepath.Join(reportDir, exitFile), document)); err != nil {
			fmt.Fprintf(output, "ginkgopytest: %v\n", err)
		}
		keeper.release()
		close(p.done)
	}()
	if err := <-started; err != nil {
		return nil, err
	}
	return p, nil
}

// exited is how the process ended, or nil.
func (p *process) exited() *exit {
	select {
	case <-p.done:
		return &p.ended
	default:
		return nil
	}
}

func (p *process) whyStopped() string {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	return p.stopped
}

// await waits for the end, but no longer than the limit and the context allow.
func (p *process) await(ctx context.Context, limit time.Duration) bool {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-p.done:
		return true
	case <-ctx.Done():
	case <-timer.C:
	}
	return p.exited() != nil
}

// stop ends pytest: SIGINT, so that fixtures tear down and reports are written;
// SIGABRT to the workers and then to pytest, so that they print where they hang;
// SIGKILL. A context that ends leads straight to the last step.
func (p *process) stop(ctx context.Context, reason string, workers func() []int) {
	if p.exited() != nil {
		return
	}
	p.mutex.Lock()
	if p.stopped == "" {
		p.stopped = reason
	}
	p.mutex.Unlock()
	_ = syscall.Kill(-p.pid, syscall.SIGINT)
	if p.await(ctx, p.teardown) {
		return
	}
	if ctx.Err() == nil {
		for _, pid := range workers() {
			p.signal(pid, syscall.SIGABRT)
		}
		if p.await(ctx, abortTime) {
			return
		}
		_ = syscall.Kill(p.pid, syscall.SIGABRT)
		if p.await(ctx, abortTime) {
			return
		}
	}
	_ = syscall.Kill(-p.pid, syscall.SIGKILL)
	<-p.done
}

// signal reaches a process of this run only: a pid may be in use again.
func (p *process) signal(pid int, signal syscall.Signal) {
	if group, err := syscall.Getpgid(pid); err == nil && group == p.pid && p.exited() == nil {
		_ = syscall.Kill(pid, signal)
	}
}

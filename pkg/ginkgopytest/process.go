package ginkgopytest

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"time"
)

// teardownTime is what fixtures get after SIGINT.
const teardownTime = 10 * time.Second

// process is pytest in a process group of its own.
type process struct {
	pid  int
	done chan struct{}
}

// startProcess starts the command and writes exitPath when it has ended.
func startProcess(args []string, dir string, env []string, logPath, exitPath string) (*process, error) {
	output, err := os.Create(logPath)
	if err != nil {
		return nil, err
	}
	command := exec.Command(args[0], args[1:]...)
	command.Dir, command.Env = dir, env
	command.Stdout, command.Stderr = output, output
	command.SysProcAttr = attributes()
	p := &process{done: make(chan struct{})}
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
			return
		}
		defer close(p.done)
		_ = command.Wait() // The state has what there is to know.
		// Workers outlive a pytest that was killed.
		_ = syscall.Kill(-p.pid, syscall.SIGKILL)
		state := command.ProcessState
		document, jsonErr := json.Marshal(exit{Code: state.ExitCode(), Seconds: time.Since(begin).Seconds(), State: state.String()})
		if err := errors.Join(jsonErr, writeFile(exitPath, document)); err != nil {
			fmt.Fprintf(output, "ginkgopytest: %v\n", err)
		}
	}()
	if err := <-started; err != nil {
		output.Close()
		return nil, err
	}
	return p, nil
}

// awaitEnd waits for the process, but no longer than fixtures get.
func (p *process) awaitEnd() bool {
	select {
	case <-p.done:
		return true
	case <-time.After(teardownTime):
		return false
	}
}

func (p *process) stop() {
	for _, step := range []syscall.Signal{syscall.SIGINT, syscall.SIGKILL} {
		select {
		case <-p.done:
			return
		default:
		}
		_ = syscall.Kill(-p.pid, step)
		if p.awaitEnd() {
			return
		}
	}
}

package console

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"
)

// drainTime is what output may take after its command ended: another process
// may have inherited the pipe.
const drainTime = time.Second

// Run runs a command whose standard output and error go through the console,
// and returns its exit code. The command has a process group of its own, to
// which signals are passed on: each arrives once, whether a person pressed
// Ctrl-C or a program signalled this process. It has no standard input.
func Run(options Options, command *exec.Cmd) (int, error) {
	read, write, err := os.Pipe()
	if err != nil {
		return 0, err
	}
	defer read.Close()
	command.Stdout, command.Stderr = write, write
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT)
	defer signal.Stop(signals)
	if err := command.Start(); err != nil {
		return 0, errors.Join(err, write.Close())
	}
	if err := write.Close(); err != nil {
		return 0, err
	}
	console := New(options)
	err = show(console, command, read, signals)
	return exitCode(command.ProcessState), errors.Join(err, console.Close())
}

// exitCode is what a shell would make of the end of a command.
func exitCode(state *os.ProcessState) int {
	if status, ok := state.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		const bySignal = 128
		return bySignal + int(status.Signal())
	}
	return state.ExitCode()
}

// show ends when the command has ended and its output is shown. A problem of
// the console itself does not end the command.
func show(console *Console, command *exec.Cmd, read *os.File, signals <-chan os.Signal) error {
	output, ended := chunks(read), make(chan error, 1)
	go func() { ended <- command.Wait() }()
	ticker := time.NewTicker(redraw)
	defer ticker.Stop()
	var problem error
	note := func(err error) {
		if problem == nil {
			problem = err
		}
	}
	for output != nil || ended != nil {
		select {
		case chunk, open := <-output:
			if !open {
				output = nil
				continue
			}
			note(console.Print(chunk))
		case <-ticker.C:
			note(console.Tick())
		case received := <-signals:
			note(syscall.Kill(-command.Process.Pid, received.(syscall.Signal)))
		case err := <-ended:
			ended = nil
			if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
				note(fmt.Errorf("wait for %s: %w", command.Path, err))
			}
			note(read.SetReadDeadline(time.Now().Add(drainTime)))
		}
	}
	return problem
}

// chunks is closed at the end of the output.
func chunks(read *os.File) <-chan []byte {
	output := make(chan []byte)
	go func() {
		defer close(output)
		for {
			buffer := make([]byte, 32<<10)
			n, err := read.Read(buffer)
			if n > 0 {
				output <- buffer[:n]
			}
			if err != nil {
				return
			}
		}
	}()
	return output
}

package cli

import (
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
)

// signalled is added to the number of the signal that ended a command.
const signalled = 128

// execute runs a command on this terminal and returns its exit code, as a shell
// has it. Ctrl-C reaches the command by itself; what only this process gets is
// passed on.
func execute(args []string, variables ...string) (int, error) {
	command := exec.Command(args[0], args[1:]...)
	command.Stdin, command.Stdout, command.Stderr = os.Stdin, os.Stdout, os.Stderr
	command.Env = append(os.Environ(), variables...)
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)
	if err := command.Start(); err != nil {
		return failed, err
	}
	ended, interrupted := make(chan error, 1), false
	go func() { ended <- command.Wait() }()
	for {
		select {
		case received := <-signals:
			interrupted = true
			if received == syscall.SIGTERM {
				_ = command.Process.Signal(received)
			}
		case err := <-ended:
			return codeOf(command.ProcessState, interrupted, err)
		}
	}
}

func codeOf(state *os.ProcessState, interrupted bool, err error) (int, error) {
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		return failed, err
	}
	if status, ok := state.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return signalled + int(status.Signal()), nil
	}
	if interrupted {
		return signalled + int(syscall.SIGINT), nil
	}
	return state.ExitCode(), nil
}

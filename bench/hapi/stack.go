package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
)

// stack is what stack-up tells of a stack that lives until its input closes.
type stack struct {
	URLs            map[string]string `json:"urls"`
	ClientTokenFile string            `json:"client_token_file"`
	PIDs            map[string]int    `json:"pids"`

	command *exec.Cmd
	input   io.Closer
}

func up(ctx context.Context) (_ *stack, err error) {
	command := exec.CommandContext(ctx, "go", "run", "./test/infrastructure/stack/cmd/stack-up", "--without=")
	command.Stderr = os.Stderr
	input, err := command.StdinPipe()
	if err != nil {
		return nil, err
	}
	output, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := command.Start(); err != nil {
		return nil, err
	}
	s := &stack{command: command, input: input}
	line, err := bufio.NewReader(output).ReadBytes('\n')
	if err == nil {
		err = json.Unmarshal(line, s)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("stack-up told nothing of its stack: %w", err), s.down())
	}
	return s, nil
}

func (s *stack) down() error { return errors.Join(s.input.Close(), s.command.Wait()) }

func (s *stack) token() (string, error) {
	token, err := os.ReadFile(s.ClientTokenFile)
	return strings.TrimSpace(string(token)), err
}

// ticks is the processor time of a part in hundredths of a second; unlike
// throughput it does not depend on what else the machine does.
func (s *stack) ticks(part string) (float64, error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.PIDs[part]))
	if err != nil {
		return 0, err
	}
	// The name in brackets may hold blanks; user and system time are the 12th and 13th after it.
	fields := strings.Fields(string(stat[strings.LastIndex(string(stat), ")")+1:]))
	var user, system float64
	_, err = fmt.Sscan(fields[11]+" "+fields[12], &user, &system)
	return user + system, err
}

// memory is the resident size of a part in MiB.
func (s *stack) memory(part string) (float64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.PIDs[part]))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(status)) {
		var kib float64
		if _, err := fmt.Sscanf(line, "VmRSS: %f kB", &kib); err == nil {
			return kib / 1024, nil
		}
	}
	return 0, fmt.Errorf("%s: its status has no VmRSS", part)
}

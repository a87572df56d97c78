package process

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
)

// Environ reads the environment with which a process was started; it is nil
// for a process that ended or that this user may not inspect.
func Environ(pid int) map[string]string {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/environ", pid))
	if err != nil {
		return nil
	}
	env := map[string]string{}
	for _, entry := range bytes.Split(data, []byte{0}) {
		if name, value, found := strings.Cut(string(entry), "="); found {
			env[name] = value
		}
	}
	return env
}

// Marked tells whether the process carries the mark of the run.
func Marked(pid int, runID string) bool {
	return runID != "" && Environ(pid)[MarkVariable] == runID
}

// Children finds the processes that this package started with the mark of the
// run, to be kept or not; other processes of the run are not its parts.
func Children(runID string, keep bool) ([]int, error) {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil, fmt.Errorf("list processes: %w", err)
	}
	var found []int
	for _, entry := range entries {
		pid, err := strconv.Atoi(entry.Name())
		if err != nil || runID == "" || pid == os.Getpid() {
			continue
		}
		env := Environ(pid)
		if sign, child := env[KeepVariable]; child && sign == keepSign(keep) && env[MarkVariable] == runID {
			found = append(found, pid)
		}
	}
	return found, nil
}

func keepSign(keep bool) string {
	if keep {
		return "1"
	}
	return ""
}

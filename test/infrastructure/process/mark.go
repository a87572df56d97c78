package process

import (
	"bytes"
	"fmt"
	"os"
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

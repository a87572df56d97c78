package process

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

const kibibyte = 1024

// Memory is the peak resident size of the child in bytes, with what further
// members of its group have for themselves: memory that they share with the
// child is counted once.
func (p *Process) Memory() (int64, error) {
	peak, err := statusBytes(p.PID, "VmHWM")
	if err != nil {
		return 0, fmt.Errorf("%s: read its memory: %w", p.Name, err)
	}
	entries, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		return 0, err
	}
	for _, entry := range entries {
		pid, err := strconv.Atoi(filepath.Base(entry))
		if err != nil || pid == p.PID {
			continue
		}
		if group, err := syscall.Getpgid(pid); err != nil || group != p.PID {
			continue
		}
		// A member may end at any moment.
		if private, err := statusBytes(pid, "RssAnon"); err == nil {
			peak += private
		}
	}
	return peak, nil
}

// statusBytes reads one line of /proc/<pid>/status, which counts in kB.
func statusBytes(pid int, field string) (int64, error) {
	file, err := os.Open(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		name, value, _ := strings.Cut(lines.Text(), ":")
		if name == field {
			size, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 10, 64)
			return size * kibibyte, err
		}
	}
	return 0, fmt.Errorf("/proc/%d/status has no %s", pid, field)
}

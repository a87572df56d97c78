package ginkgopytest

import (
	"fmt"
	"os"
	"strings"
	"syscall"
)

func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// nameAndParent of a process; a name may hold spaces and parentheses itself.
func nameAndParent(pid int) (name string, parent int) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return "", 0
	}
	_, rest, _ := strings.Cut(string(text), "(")
	end := strings.LastIndex(rest, ")")
	if end < 0 {
		return "", 0
	}
	var state string
	if _, err := fmt.Sscan(rest[end+1:], &state, &parent); err != nil {
		return "", 0
	}
	return rest[:end], parent
}

// bytesWritten is what a process has handed to write calls, whatever the file.
func bytesWritten(pid int) int64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/io", pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(text), "wchar:")
	var count int64
	if _, err := fmt.Sscan(rest, &count); err != nil {
		return 0
	}
	return count
}

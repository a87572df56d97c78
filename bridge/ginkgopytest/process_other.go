//go:build !linux

package ginkgopytest

import (
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true}
}

// nameAndParent of a process, from a command that every other system has.
func nameAndParent(pid int) (name string, parent int) {
	output, err := exec.Command("ps", "-o", "ppid=,comm=", "-p", strconv.Itoa(pid)).Output()
	if err != nil {
		return "", 0
	}
	first, rest, _ := strings.Cut(strings.TrimSpace(string(output)), " ")
	if parent, err = strconv.Atoi(first); err != nil {
		return "", 0
	}
	return filepath.Base(strings.TrimSpace(rest)), parent
}

// bytesWritten of a process are not told here; the files of the run are seen.
func bytesWritten(int) int64 { return 0 }

//go:build !linux

package process

import "syscall"

func attributes(life Life) *syscall.SysProcAttr {
	if life.Keep {
		return &syscall.SysProcAttr{Setsid: true}
	}
	return &syscall.SysProcAttr{Setpgid: true}
}

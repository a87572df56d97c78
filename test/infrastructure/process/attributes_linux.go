package process

import (
	"cmp"
	"syscall"
)

func attributes(life Life) *syscall.SysProcAttr {
	if life.Keep {
		return &syscall.SysProcAttr{Setsid: true}
	}
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: cmp.Or(life.LastSignal, syscall.SIGKILL)}
}

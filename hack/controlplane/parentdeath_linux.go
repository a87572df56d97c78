package main

import (
	"os"

	"golang.org/x/sys/unix"
)

// dieWithParent asks the kernel to kill this process when its parent ends.
// envtest starts its children without that request, so a killed test runner
// would leave etcd and kube-apiserver behind. A kept stack sets
// KUBERNAUT_KEEP to outlive its runner on purpose.
func dieWithParent() {
	if os.Getenv("KUBERNAUT_RUN_ID") == "" || os.Getenv("KUBERNAUT_KEEP") != "" {
		return
	}
	_ = unix.Prctl(unix.PR_SET_PDEATHSIG, uintptr(unix.SIGKILL), 0, 0, 0)
}

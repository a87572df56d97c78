package source

import (
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// Clock names this boot of the machine and tells the seconds of its monotonic
// clock; boot is empty when it cannot be told.
func Clock() (boot string, monotonic float64) {
	text, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	var now unix.Timespec
	if err != nil || unix.ClockGettime(unix.CLOCK_MONOTONIC, &now) != nil {
		return "", 0
	}
	return strings.TrimSpace(string(text)), float64(now.Nano()) / 1e9
}

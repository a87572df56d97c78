//go:build !linux

package source

// Clock cannot tell which boot the monotonic clock counts from.
func Clock() (boot string, monotonic float64) { return "", 0 }

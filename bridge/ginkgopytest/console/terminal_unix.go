//go:build unix

package console

import (
	"os"

	"golang.org/x/sys/unix"
)

// widthOf is the number of columns of a terminal; false when it is none.
func widthOf(file *os.File) (int, bool) {
	size, err := unix.IoctlGetWinsize(int(file.Fd()), unix.TIOCGWINSZ)
	if err != nil {
		return 0, false
	}
	return int(size.Col), true
}

package postgres

import (
	"errors"
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// socketName is how clients find the socket in its folder.
const (
	port       = "5432"
	socketName = ".s.PGSQL." + port
)

// dataDir is the folder of the cluster, and of its socket, in the run's.
func dataDir(dir string) string { return filepath.Join(dir, "postgres") }

// longestSocket is what the kernel takes, without the terminating zero.
var longestSocket = len(syscall.RawSockaddrUnix{}.Path) - 1

// CheckPlace tells whether a server can live in dir, before anything runs.
func CheckPlace(dir string) error {
	if strings.Contains(dir, ",") {
		return fmt.Errorf("clients of PostgreSQL cannot name the folder %s, which has a comma: set TMPDIR to a path without", dir)
	}
	socket := filepath.Join(dataDir(dir), socketName)
	if len(socket) > longestSocket {
		return fmt.Errorf("PostgreSQL's socket in %s would have a path of %d bytes, at most %d are possible: set TMPDIR to a shorter path",
			dir, len(socket), longestSocket)
	}
	if os.Getuid() != 0 {
		return nil
	}
	return traversable(filepath.Dir(dir))
}

// traversable demands that every user may pass, because PostgreSQL refuses to
// run as root.
func traversable(dir string) error {
	for ; ; dir = filepath.Dir(dir) {
		info, err := os.Stat(dir)
		if err != nil {
			return err
		}
		if info.Mode().Perm()&0o001 == 0 {
			return fmt.Errorf("PostgreSQL does not run as root, and other users may not enter %s: set TMPDIR to a folder that they may enter", dir)
		}
		if dir == filepath.Dir(dir) {
			return nil
		}
	}
}

// credential is nobody's for root, whom initdb refuses.
func credential() (*syscall.Credential, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	nobody, err := user.Lookup("nobody")
	if err != nil {
		return nil, err
	}
	uid, uidErr := strconv.ParseUint(nobody.Uid, 10, 32)
	gid, gidErr := strconv.ParseUint(nobody.Gid, 10, 32)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, errors.Join(uidErr, gidErr)
}

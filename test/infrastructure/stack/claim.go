package stack

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

const recordFile = "stack.json"

// claim is the sole use of the kept stack of one checkout; the kernel ends it
// with its holder.
type claim struct {
	dir  string
	lock *os.File
}

// claimKept fails when another run uses the kept stack.
func claimKept(root string) (*claim, error) {
	dir, err := keptDir(root)
	if err != nil {
		return nil, err
	}
	c := &claim{dir: dir}
	if err := private(filepath.Dir(dir), dir); err != nil {
		return nil, err
	}
	c.lock, err = os.OpenFile(filepath.Join(c.dir, "lock"), os.O_CREATE|os.O_RDWR|syscall.O_NOFOLLOW, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(c.lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(fmt.Errorf("another run uses the kept stack of this checkout: %w", err), c.lock.Close())
	}
	return c, nil
}

// keptDir is where the record of the kept stack of a checkout lies.
func keptDir(root string) (string, error) {
	root, err := filepath.Abs(root)
	if err != nil {
		return "", err
	}
	if root, err = filepath.EvalSymlinks(root); err != nil {
		return "", err
	}
	base := filepath.Join(os.TempDir(), fmt.Sprintf("kubernaut-stack-%d", os.Getuid()))
	sum := sha256.Sum256([]byte(root))
	return filepath.Join(base, hex.EncodeToString(sum[:6])), nil
}

// private makes directories that nobody else can prepare or read: what
// stack.json names is killed and removed.
func private(dirs ...string) error {
	for _, dir := range dirs {
		if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, os.ErrExist) {
			return err
		}
		info, err := os.Lstat(dir)
		if err != nil {
			return err
		}
		if !info.IsDir() || info.Mode().Perm() != 0o700 || info.Sys().(*syscall.Stat_t).Uid != uint32(os.Getuid()) {
			return fmt.Errorf("%s is not a private directory of this user", dir)
		}
	}
	return nil
}

func (c *claim) path() string { return filepath.Join(c.dir, recordFile) }

func (c *claim) release() error { return c.lock.Close() }

// Package runs names runs of the suite, tells live runs from dead ones, and
// ends and removes what dead runs left behind.
package runs

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/jordigilh/kubernaut/test/infrastructure/process"
)

// lockVariable lets a sweep judge a process by the lock of its own run, even
// when both runs have different temporary directories.
const lockVariable = "KUBERNAUT_RUN_LOCK"

// Run is a live run; it is alive as long as its lock is held.
type Run struct {
	ID   string
	lock *os.File
}

// New makes a run id and takes its lock.
func New() (*Run, error) { return Acquire(NewID()) }

// NewID is an id for a run: the time, so that runs sort, and a random part.
func NewID() string {
	suffix := make([]byte, 3)
	_, _ = rand.Read(suffix) // It never fails.
	return time.Now().UTC().Format("20060102-150405") + "-" + hex.EncodeToString(suffix)
}

// Acquire takes the lock of a given run id.
func Acquire(id string) (*Run, error) {
	if id == "" || filepath.Base(id) != id || id == "." || id == ".." {
		return nil, fmt.Errorf("%q is not a run id: it names a folder", id)
	}
	r := &Run{ID: id}
	err := guarded(func() (err error) {
		r.lock, err = take(lockPath(id))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("run %s: %w", id, err)
	}
	return r, nil
}

// guarded has the directory of the locks to itself: a lock file that is made,
// locked or removed is never one that somebody else removes meanwhile.
func guarded(body func() error) error {
	if err := os.MkdirAll(directory(), 0o700); err != nil {
		return fmt.Errorf("make the directory of run locks: %w", err)
	}
	guard, err := os.Open(directory())
	if err != nil {
		return err
	}
	if err := syscall.Flock(int(guard.Fd()), syscall.LOCK_EX); err != nil {
		return errors.Join(err, guard.Close())
	}
	return errors.Join(body(), guard.Close())
}

var errAlive = errors.New("it is already alive")

func take(path string) (*os.File, error) {
	lock, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR|syscall.O_NOFOLLOW, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		if errors.Is(err, syscall.EWOULDBLOCK) {
			err = errAlive
		}
		return nil, errors.Join(err, lock.Close())
	}
	return lock, nil
}

// Release ends the run. The lock file of one that left its folder stays, so
// that a sweep finds the folder.
func (r *Run) Release() error {
	return guarded(func() error {
		if _, err := os.Lstat(Dir(r.ID)); err == nil {
			return r.lock.Close()
		}
		return errors.Join(os.Remove(lockPath(r.ID)), r.lock.Close())
	})
}

// Dir is the folder of a run's data and secrets; the run makes and removes it.
func Dir(id string) string { return filepath.Join(os.TempDir(), "kubernaut-"+id) }

// Keep protects the processes and the folder of a run that is meant to outlive
// its runner.
func Keep(id string) error {
	if err := os.MkdirAll(directory(), 0o700); err != nil {
		return err
	}
	return os.WriteFile(keptPath(lockPath(id)), nil, 0o600)
}

// Forget takes that protection away.
func Forget(id string) error {
	if err := os.Remove(keptPath(lockPath(id))); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// Mark is the environment by which children of the run are known.
func Mark(id string) []string {
	return []string{process.MarkVariable + "=" + id, lockVariable + "=" + lockPath(id)}
}

func directory() string {
	return filepath.Join(os.TempDir(), fmt.Sprintf("kubernaut-runs-%d", os.Getuid()))
}

const lockSuffix = ".lock"

func lockPath(id string) string   { return filepath.Join(directory(), id+lockSuffix) }
func keptPath(lock string) string { return lock + ".kept" }

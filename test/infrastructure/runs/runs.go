// Package runs names runs of the suite, tells live runs from dead ones, and
// ends the processes that dead runs left behind.
package runs

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
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
func New() (*Run, error) {
	suffix := make([]byte, 3)
	if _, err := rand.Read(suffix); err != nil {
		return nil, fmt.Errorf("make a run id: %w", err)
	}
	return Acquire(time.Now().UTC().Format("20060102-150405") + "-" + hex.EncodeToString(suffix))
}

// Acquire takes the lock of a given run id.
func Acquire(id string) (*Run, error) {
	if err := os.MkdirAll(directory(), 0o700); err != nil {
		return nil, fmt.Errorf("make the directory of run locks: %w", err)
	}
	lock, err := os.OpenFile(lockPath(id), os.O_CREATE|os.O_RDWR|syscall.O_NOFOLLOW, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the lock of run %s: %w", id, err)
	}
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(fmt.Errorf("run %s is already alive: %w", id, err), lock.Close())
	}
	return &Run{ID: id, lock: lock}, nil
}

// Release ends the run.
func (r *Run) Release() error { return errors.Join(os.Remove(lockPath(r.ID)), r.lock.Close()) }

// Keep protects the processes of a run that is meant to outlive its runner.
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

// Sweep kills the marked processes of dead runs and returns their pids.
func Sweep() ([]int, error) {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil, fmt.Errorf("list processes: %w", err)
	}
	var killed []int
	for _, entry := range entries {
		pid, err := strconv.Atoi(entry.Name())
		if err != nil || pid == os.Getpid() || pid == os.Getppid() || !abandoned(process.Environ(pid)) {
			continue
		}
		if syscall.Kill(pid, syscall.SIGKILL) == nil {
			killed = append(killed, pid)
		}
	}
	return killed, nil
}

// abandoned demands the mark and the lock: without both nothing proves that
// the run has died.
func abandoned(env map[string]string) bool {
	lock := env[lockVariable]
	return env[process.MarkVariable] != "" && lock != "" && !alive(lock)
}

func alive(lock string) bool {
	if _, err := os.Stat(keptPath(lock)); err == nil {
		return true
	}
	file, err := os.Open(lock)
	if err != nil {
		return !errors.Is(err, os.ErrNotExist)
	}
	defer file.Close()
	return syscall.Flock(int(file.Fd()), syscall.LOCK_SH|syscall.LOCK_NB) != nil
}

func directory() string {
	return filepath.Join(os.TempDir(), fmt.Sprintf("kubernaut-runs-%d", os.Getuid()))
}

func lockPath(id string) string   { return filepath.Join(directory(), id+".lock") }
func keptPath(lock string) string { return lock + ".kept" }

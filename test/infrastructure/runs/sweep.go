package runs

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jordigilh/kubernaut/test/infrastructure/process"
)

// removeLimit is for killed processes that still close their files.
const removeLimit = 5 * time.Second

// Swept is what dead runs had left.
type Swept struct {
	PIDs    []int
	Folders []string
}

// String tells it in a line; it is empty when there was nothing.
func (s Swept) String() string {
	if len(s.PIDs)+len(s.Folders) == 0 {
		return ""
	}
	return fmt.Sprintf("runs that are dead: ended %d processes, removed %d folders", len(s.PIDs), len(s.Folders))
}

// Sweep kills the marked processes of dead runs and removes their folders.
func Sweep() (Swept, error) {
	killed, killErr := sweepProcesses()
	var removed []string
	removeErr := guarded(func() (err error) {
		removed, err = sweepFolders()
		return err
	})
	return Swept{PIDs: killed, Folders: removed}, errors.Join(killErr, removeErr)
}

func sweepProcesses() ([]int, error) {
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
	if kept(lock) {
		return true
	}
	file, err := os.Open(lock)
	if err != nil {
		return !errors.Is(err, os.ErrNotExist)
	}
	defer file.Close()
	return syscall.Flock(int(file.Fd()), syscall.LOCK_SH|syscall.LOCK_NB) != nil
}

func kept(lock string) bool {
	_, err := os.Stat(keptPath(lock))
	return err == nil
}

func sweepFolders() ([]string, error) {
	locks, err := filepath.Glob(filepath.Join(directory(), "*"+lockSuffix))
	if err != nil {
		return nil, err
	}
	var (
		removed []string
		errs    []error
	)
	for _, lock := range locks {
		folder, err := sweepFolder(lock)
		if folder != "" {
			removed = append(removed, folder)
		}
		errs = append(errs, err)
	}
	return removed, errors.Join(errs...)
}

// sweepFolder removes the lock last: what could not be removed is found again.
func sweepFolder(path string) (_ string, err error) {
	lock, err := take(path)
	if errors.Is(err, errAlive) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("sweep %s: %w", path, err)
	}
	defer func() { err = errors.Join(err, lock.Close()) }()
	if kept(path) {
		return "", nil
	}
	dir := Dir(strings.TrimSuffix(filepath.Base(path), lockSuffix))
	found, err := remove(dir)
	if err != nil {
		return "", fmt.Errorf("remove what a dead run left: %w", err)
	}
	if !found {
		dir = ""
	}
	return dir, os.Remove(path)
}

// remove takes a folder of this user only; false says that there is none.
func remove(dir string) (bool, error) {
	info, err := os.Lstat(dir)
	if errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if !info.IsDir() || info.Sys().(*syscall.Stat_t).Uid != uint32(os.Getuid()) {
		return false, fmt.Errorf("%s is not a folder of this user", dir)
	}
	return true, process.Wait(context.Background(), "remove "+dir, removeLimit,
		func(context.Context) error { return os.RemoveAll(dir) })
}

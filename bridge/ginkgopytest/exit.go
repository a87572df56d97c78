package ginkgopytest

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

const lockTime = 2 * time.Second

// exit is how pytest ended, as the process that started it tells the others.
type exit struct {
	Code    int     `json:"exit_code"`
	Seconds float64 `json:"seconds"`
	State   string  `json:"state"`
	// Stopped says why this library ended it; empty when pytest ended by itself.
	Stopped string `json:"stopped,omitempty"`
}

func readExit(path string) (*exit, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	ended := &exit{}
	if err := json.Unmarshal(text, ended); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return ended, nil
}

// keeper holds a lock for as long as somebody will still tell how pytest ended.
// The kernel gives it back also when that process dies, so that a run without
// an exit file, for which a full disk is enough, is not waited for.
type keeper struct {
	file *os.File
}

func hold(dir string) (*keeper, error) {
	file, err := os.OpenFile(filepath.Join(dir, lockFile), os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, err
	}
	// A run that has just ended gives its lock back a moment later.
	ticker := time.NewTicker(pollInterval)
	defer ticker.Stop()
	for patience := lockTime; ; patience -= pollInterval {
		err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			return &keeper{file}, nil
		}
		if patience <= 0 {
			return nil, errors.Join(fmt.Errorf("%s: another run uses this report folder: %w", dir, err), file.Close())
		}
		<-ticker.C
	}
}

func (k *keeper) release() { k.file.Close() }

// abandoned says that nobody will tell any more. A folder without a lock was
// never used.
func abandoned(dir string) (bool, error) {
	file, err := os.Open(filepath.Join(dir, lockFile))
	if errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer file.Close()
	err = syscall.Flock(int(file.Fd()), syscall.LOCK_SH|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return false, nil
	}
	return err == nil, err
}

package store

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
)

// Limits are what a store keeps; zero is no limit.
type Limits struct {
	Runs  int
	Bytes int64
}

// quiet is how long the log of a run without an end has not grown before it
// passes for dead.
const quiet = time.Hour

// Prune removes the oldest runs until the rest is within the limits, and returns
// the ids of what it removed. The newest run stays, and what may still run. The
// history of the tests stays in the index.
func (s Store) Prune(limits Limits) (removed []string, err error) {
	ids, err := s.IDs()
	if err != nil {
		return nil, err
	}
	sizes, total := make([]int64, len(ids)), int64(0)
	for i, id := range ids {
		if sizes[i], err = size(s.Dir(id)); err != nil {
			return nil, err
		}
		total += sizes[i]
	}
	left, newest := len(ids), len(ids)-1
	for i, id := range ids {
		tooMany := limits.Runs > 0 && left > limits.Runs
		tooMuch := limits.Bytes > 0 && total > limits.Bytes
		if i == newest || !tooMany && !tooMuch {
			break
		}
		if s.latest() == id || s.mayRun(id) {
			continue
		}
		if err := os.RemoveAll(s.Dir(id)); err != nil {
			return removed, err
		}
		removed, left, total = append(removed, id), left-1, total-sizes[i]
	}
	return removed, nil
}

func (s Store) latest() string {
	target, _ := os.Readlink(filepath.Join(s.Home, LatestLink))
	return filepath.Base(target)
}

// mayRun says that the log has no end and has grown lately.
func (s Store) mayRun(id string) bool {
	info, err := os.Stat(s.log(id))
	if err != nil || time.Since(info.ModTime()) > quiet {
		return false
	}
	run, err := events.Read(s.log(id))
	return err == nil && run.WasCutOff()
}

func size(dir string) (total int64, err error) {
	err = filepath.WalkDir(dir, func(_ string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if errors.Is(err, os.ErrNotExist) {
			return nil
		}
		if err == nil {
			total += info.Size()
		}
		return err
	})
	return total, err
}

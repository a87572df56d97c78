package store

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"syscall"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/history"
)

const (
	// LatestLink leads to the newest run.
	LatestLink = "latest"

	eventsFile = "events.jsonl"
	lockFile   = ".index.lock"
)

// Store is the folder of a suite's runs.
type Store struct{ Home string }

// Of is the store that a folder is, or that a run's folder is in. A folder
// without a run is an error.
func Of(dir string) (Store, error) {
	path, err := filepath.EvalSymlinks(dir)
	if err == nil {
		path, err = filepath.Abs(path)
	}
	if err != nil {
		return Store{}, fmt.Errorf("folder of runs: %w", err)
	}
	for _, store := range []Store{{path}, {filepath.Dir(path)}} {
		if ids, err := store.IDs(); err == nil && len(ids) > 0 {
			return store, nil
		}
	}
	return Store{}, fmt.Errorf("%s has no run: name the folder of a suite's runs, or of one of them (with %s)", dir, eventsFile)
}

// IDs are those of the runs, oldest first: by the time of their folders' names
// and logs.
func (s Store) IDs() ([]string, error) {
	entries, err := os.ReadDir(s.Home)
	if err != nil {
		return nil, err
	}
	began := map[string]int64{}
	var ids []string
	for _, entry := range entries {
		info, err := os.Stat(s.log(entry.Name()))
		if !entry.IsDir() || err != nil {
			continue
		}
		ids = append(ids, entry.Name())
		began[entry.Name()] = info.ModTime().UnixNano()
	}
	slices.SortFunc(ids, func(x, y string) int { return cmp.Or(cmp.Compare(began[x], began[y]), cmp.Compare(x, y)) })
	return ids, nil
}

// Dir is the folder of a run.
func (s Store) Dir(id string) string { return filepath.Join(s.Home, id) }

func (s Store) log(id string) string { return filepath.Join(s.Home, id, eventsFile) }

// Record adds a run to the index and returns it. An index that is lost or
// cannot be used is made again, and remade says why.
func (s Store) Record(id string, run *events.Run) (index *history.Index, remade error, err error) {
	err = s.locked(func() error {
		index, remade, err = s.index()
		if err != nil {
			return err
		}
		index.Add(id, run)
		return index.Write(s.Home)
	})
	return index, remade, err
}

// Index is the index as it is, or made again from the logs.
func (s Store) Index() (index *history.Index, remade error, err error) {
	err = s.locked(func() error {
		if index, remade, err = s.index(); err == nil && remade != nil {
			err = index.Write(s.Home)
		}
		return err
	})
	return index, remade, err
}

func (s Store) index() (index *history.Index, remade, err error) {
	index, remade = history.Read(s.Home)
	if remade == nil {
		return index, nil, nil
	}
	index = history.New()
	ids, err := s.IDs()
	if err != nil {
		return nil, nil, err
	}
	for _, id := range ids {
		// A log of another version, or of no use, has no say.
		if run, err := events.Read(s.log(id)); err == nil && run.Begin > 0 {
			index.Add(id, run)
		}
	}
	return index, remade, nil
}

// locked keeps runs of the suite that end at the same time apart.
func (s Store) locked(body func() error) (err error) {
	file, err := os.OpenFile(filepath.Join(s.Home, lockFile), os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX); err != nil {
		return fmt.Errorf("lock %s: %w", file.Name(), err)
	}
	return body()
}

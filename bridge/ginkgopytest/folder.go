package ginkgopytest

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// latestLink leads to the newest run.
const latestLink = "latest"

// folder makes the report folder of a run, without a log.
func (r Reports) folder() (string, error) {
	if r.Dir == "" && r.RunID == "" {
		return os.MkdirTemp("", "ginkgopytest-report-")
	}
	home, err := filepath.Abs(r.Dir)
	if err != nil {
		return "", err
	}
	if r.RunID == "" {
		return home, errors.Join(os.MkdirAll(home, 0o755), remove(filepath.Join(home, eventsFile)))
	}
	dir := filepath.Join(home, r.RunID)
	if filepath.Dir(dir) != home || r.RunID == latestLink {
		return "", fmt.Errorf("run id %q does not name a folder in %s", r.RunID, home)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	return dir, errors.Join(r.claim(dir), pointLatest(dir))
}

// claim takes the id: a second run with it would write into the first one's log.
func (r Reports) claim(dir string) error {
	file, err := os.OpenFile(filepath.Join(dir, eventsFile), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if errors.Is(err, os.ErrExist) {
		return fmt.Errorf("run id %s has been used: %s has an event log; use another", r.RunID, dir)
	}
	if err != nil {
		return err
	}
	return file.Close()
}

// pointLatest makes the link beside the folder lead to it, in one step.
func pointLatest(dir string) error {
	link := filepath.Join(filepath.Dir(dir), latestLink)
	fresh := link + "." + filepath.Base(dir)
	if err := os.Symlink(filepath.Base(dir), fresh); err != nil {
		return err
	}
	return os.Rename(fresh, link)
}

func remove(path string) error {
	if err := os.Remove(path); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

package events

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
)

// Follower reads a log that is still being written.
type Follower struct {
	path    string
	offset  int64
	partial []byte
}

// Follow starts at the beginning of the log at path, which need not exist yet.
func Follow(path string) *Follower {
	return &Follower{path: path}
}

// Next returns the events that were appended since the last call. A line that
// is not complete yet comes with a later call; one that is no event is skipped.
func (f *Follower) Next() ([]Event, error) {
	file, err := os.Open(f.path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the event log: %w", err)
	}
	defer file.Close()
	if _, err := file.Seek(f.offset, io.SeekStart); err != nil {
		return nil, fmt.Errorf("read the event log: %w", err)
	}
	var found []Event
	for reader := bufio.NewReader(file); ; {
		text, err := reader.ReadBytes('\n')
		f.offset += int64(len(text))
		f.partial = append(f.partial, text...)
		if errors.Is(err, io.EOF) {
			return found, nil
		}
		if err != nil {
			return found, fmt.Errorf("read the event log: %w", err)
		}
		var event Event
		if json.Unmarshal(bytes.TrimSpace(f.partial), &event) == nil && event.Event != "" {
			found = append(found, event)
		}
		f.partial = f.partial[:0]
	}
}

// Read makes the model of a whole log. A log of another schema is an error.
func Read(path string) (*Run, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("read the event log: %w", err)
	}
	found, err := Follow(path).Next()
	if err != nil {
		return nil, err
	}
	run := NewRun()
	for _, event := range found {
		if v := event.SchemaVersion; v != 0 && v != SchemaVersion {
			return nil, fmt.Errorf("%s: schema_version is %d, this reads %d; use the version of ginkgopytest that wrote it", path, v, SchemaVersion)
		}
		run.Apply(event)
	}
	return run, nil
}

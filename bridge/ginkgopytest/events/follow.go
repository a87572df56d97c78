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

// readBuffer makes a large log a few thousand reads.
const readBuffer = 256 << 10

// Follower reads a log that is still being written, one event at a time.
type Follower struct {
	path    string
	offset  int64
	partial []byte
	// reader is kept, because a run of thousands of specs looks as often.
	reader *bufio.Reader
}

// Follow starts at the beginning of the log at path, which need not exist yet.
func Follow(path string) *Follower {
	return &Follower{path: path}
}

// Each hands over the events that were appended since the last call. A line that
// is not complete yet comes with a later call; one that is no event is skipped.
func (f *Follower) Each(visit func(Event)) error {
	file, err := os.Open(f.path)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read the event log: %w", err)
	}
	defer file.Close()
	if _, err := file.Seek(f.offset, io.SeekStart); err != nil {
		return fmt.Errorf("read the event log: %w", err)
	}
	if f.reader == nil {
		f.reader = bufio.NewReaderSize(nil, readBuffer)
	}
	f.reader.Reset(file)
	for {
		text, err := f.reader.ReadSlice('\n')
		f.offset += int64(len(text))
		f.partial = append(f.partial, text...)
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("read the event log: %w", err)
		}
		f.take(visit)
	}
}

// take hands over the line that is complete.
func (f *Follower) take(visit func(Event)) {
	var event Event
	if json.Unmarshal(bytes.TrimSpace(f.partial), &event) == nil && event.Event != "" {
		if event.hasTexts() {
			size := len(f.partial)
			event.source = &source{path: f.path, offset: f.offset - int64(size), size: size}
		}
		visit(event)
	}
	f.partial = f.partial[:0]
	if cap(f.partial) > 4*readBuffer {
		f.partial = nil
	}
}

// Read makes the model of a whole log. A log of another schema is an error.
func Read(path string) (*Run, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("read the event log: %w", err)
	}
	run, foreign := NewRun(), 0
	err := Follow(path).Each(func(event Event) {
		if v := event.SchemaVersion; v != 0 && v != SchemaVersion {
			foreign = v
		}
		run.Apply(event)
	})
	if err != nil {
		return nil, err
	}
	if foreign != 0 {
		return nil, fmt.Errorf("%s: schema_version is %d, this reads %d; use the version of ginkgopytest that wrote it", path, foreign, SchemaVersion)
	}
	return run, nil
}

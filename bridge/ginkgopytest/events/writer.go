package events

import (
	"encoding/json"
	"fmt"
	"os"
	"time"
)

// Writer appends events to a log. It may be used by several goroutines, and
// other processes may append to the same log.
type Writer struct {
	file *os.File
	now  func() time.Time
}

// Open opens the log and creates it if need be.
func Open(path string) (*Writer, error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
	if err != nil {
		return nil, fmt.Errorf("open the event log: %w", err)
	}
	return &Writer{file: file, now: time.Now}, nil
}

// Append writes one event in one write; an event without a time gets the
// present one.
func (w *Writer) Append(event Event) error {
	if event.Time == 0 {
		event.Time = Seconds(w.now())
	}
	line, err := json.Marshal(event)
	if err != nil {
		return fmt.Errorf("event %s: %w", event.Event, err)
	}
	if _, err := w.file.Write(append(line, '\n')); err != nil {
		return fmt.Errorf("append to the event log: %w", err)
	}
	return nil
}

// Close closes the log.
func (w *Writer) Close() error { return w.file.Close() }

// Seconds is a time as the log has it: epoch seconds.
func Seconds(t time.Time) float64 {
	return float64(t.UnixMicro()) / 1e6
}

// Time is the time of epoch seconds.
func Time(seconds float64) time.Time {
	return time.UnixMicro(int64(seconds * 1e6))
}

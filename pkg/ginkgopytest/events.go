package ginkgopytest

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
)

// event is one line of the plugin's stream, schema 1.
type event struct {
	Event      string      `json:"event"`
	NodeID     string      `json:"nodeid"`
	When       string      `json:"when"`
	Outcome    string      `json:"outcome"`
	Worker     string      `json:"worker"`
	Reason     string      `json:"reason"`
	Path       string      `json:"path"`
	Line       int         `json:"line"`
	Duration   float64     `json:"duration"`
	Sections   [][2]string `json:"sections"`
	ExitStatus int         `json:"exitstatus"`
}

// Result is how one Python test ended.
type Result struct {
	NodeID string
	// Outcome is passed, failed, error, skipped, xfailed or xpassed.
	Outcome string
	// Reason is the traceback as pytest prints it, or why it was skipped.
	Reason string
	Worker string
	// Path and Line say where it failed.
	Path string
	Line int
	// Seconds is the time of set-up, call and teardown.
	Seconds float64
	// Sections are what the test printed and logged: title and text.
	Sections [][2]string
}

// log is what has been read of an event file so far.
type log struct {
	path     string
	offset   int64
	partial  []byte
	running  map[string]*Result
	results  map[string]Result
	finished bool
}

func newLog(path string) *log {
	return &log{path: path, running: map[string]*Result{}, results: map[string]Result{}}
}

// read takes in what was appended since the last call. A missing file is an
// empty one: pytest creates it.
func (l *log) read() error {
	file, err := os.Open(l.path)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer file.Close()
	if _, err := file.Seek(l.offset, io.SeekStart); err != nil {
		return err
	}
	reader := bufio.NewReader(file)
	for {
		line, err := reader.ReadBytes('\n')
		l.offset += int64(len(line))
		l.partial = append(l.partial, line...)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		l.take(bytes.TrimSpace(l.partial))
		l.partial = nil
	}
}

func (l *log) take(line []byte) {
	var e event
	if json.Unmarshal(line, &e) != nil {
		return
	}
	switch e.Event {
	case "phase":
		result := l.running[e.NodeID]
		if result == nil {
			result = &Result{NodeID: e.NodeID}
			l.running[e.NodeID] = result
		}
		result.Seconds += e.Duration
		result.Sections = e.Sections
		// The reason is that of a failed call even if the teardown fails too.
		if e.Path != "" && result.Outcome != "failed" {
			result.Path, result.Line, result.Outcome = e.Path, e.Line, e.Outcome
		}
	case "test_finish":
		result := Result{NodeID: e.NodeID}
		if running := l.running[e.NodeID]; running != nil {
			result = *running
		}
		result.Outcome, result.Reason, result.Worker = e.Outcome, e.Reason, e.Worker
		delete(l.running, e.NodeID)
		l.results[e.NodeID] = result
	case "session_finish":
		l.finished = true
	}
}

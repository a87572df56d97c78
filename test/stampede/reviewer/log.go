package reviewer

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"sync"
)

// entry has the form of the services' access logs, and whether a limiter kept
// the review from being sent.
type entry struct {
	Event        string `json:"event"`
	Request      string `json:"request"`
	Status       int    `json:"status"`
	Starved      bool   `json:"starved"`
	Milliseconds int64  `json:"duration_ms"`
}

type accessLog struct {
	mu     sync.Mutex
	output *json.Encoder
}

func newAccessLog(output io.Writer) *accessLog { return &accessLog{output: json.NewEncoder(output)} }

func (l *accessLog) write(e entry) {
	l.mu.Lock()
	defer l.mu.Unlock()
	// A log that cannot be written shows as requests that are missing.
	_ = l.output.Encode(e)
}

// Starved counts the requests of a log whose review a limiter kept from being sent.
func Starved(path string) (int, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return 0, err
	}
	count := 0
	lines := bufio.NewScanner(bytes.NewReader(data))
	for lines.Scan() {
		var e entry
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			return 0, fmt.Errorf("%s: %w", path, err)
		}
		if e.Starved {
			count++
		}
	}
	return count, lines.Err()
}

package summary

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
)

// SeedRequest is how the access log names the creation of a workflow.
const SeedRequest = "POST /api/v1/workflows"

// Counts maps an HTTP status to a number of requests.
type Counts map[int]int

// Total is the number of requests of any status.
func (c Counts) Total() int {
	total := 0
	for _, n := range c {
		total += n
	}
	return total
}

// CountRequests counts the requests that the access log names as request, by status.
func CountRequests(accessLogPath, request string) (Counts, error) {
	counts := Counts{}
	err := eachRequest(accessLogPath, func(name string, status int) {
		if name == request {
			counts[status]++
		}
	})
	return counts, err
}

// CountStatuses counts the requests of several access logs by status, but for
// health checks: those are the harness's own.
func CountStatuses(accessLogPaths ...string) (Counts, error) {
	counts := Counts{}
	for _, path := range accessLogPaths {
		if err := eachRequest(path, func(request string, status int) {
			if !strings.HasPrefix(request, "GET /health") {
				counts[status]++
			}
		}); err != nil {
			return counts, err
		}
	}
	return counts, nil
}

// CountRefusals fills in the counts of 401 and 503 over the services' logs.
func (a *Auth) CountRefusals(accessLogPaths ...string) error {
	counts, err := CountStatuses(accessLogPaths...)
	a.Unauthorized = counts[http.StatusUnauthorized]
	a.Unavailable = counts[http.StatusServiceUnavailable]
	return err
}

// eachRequest skips lines of other kinds: a service's stderr may hold anything.
func eachRequest(path string, visit func(request string, status int)) error {
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("access log: %w", err)
	}
	defer func() { _ = file.Close() }()
	reader := bufio.NewReader(file)
	for {
		line, err := reader.ReadBytes('\n')
		if request, status, ok := parseLine(line); ok {
			visit(request, status)
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("access log: %w", err)
		}
	}
}

func parseLine(line []byte) (string, int, bool) {
	var entry struct {
		Event   string `json:"event"`
		Request string `json:"request"`
		Status  int    `json:"status"`
	}
	line = bytes.TrimSpace(line)
	if !bytes.HasPrefix(line, []byte("{")) || json.Unmarshal(line, &entry) != nil {
		return "", 0, false
	}
	return entry.Request, entry.Status, entry.Event == "request"
}

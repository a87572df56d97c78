package ginkgopytest

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/onsi/ginkgo/v2"
)

const (
	pollInterval   = 20 * time.Millisecond
	collectTimeout = 60 * time.Second
	// noTests is pytest's exit code when it found nothing or all was deselected.
	noTests = 5
)

// Test is one collected Python test.
type Test struct {
	NodeID     string   `json:"nodeid"`
	Path       string   `json:"path"`
	Line       int      `json:"line"`
	Name       string   `json:"name"`
	Containers []string `json:"containers"`
	Markers    []string `json:"markers"`
}

// CollectError is a module or class that pytest could not collect.
type CollectError struct {
	NodeID   string `json:"nodeid"`
	Longrepr string `json:"longrepr"`
}

// Collection is what pytest would run.
type Collection struct {
	Tests  []Test         `json:"tests"`
	Errors []CollectError `json:"errors"`

	nodeIDs map[string]string
}

// Collect asks pytest for its tests, once for all Ginkgo processes: process 1
// collects, the others wait for its file. Errors in the tests are part of the
// Collection; the error is about pytest itself.
func (s Suite) Collect(ctx context.Context) (*Collection, error) {
	ctx, cancel := context.WithTimeout(ctx, collectTimeout)
	defer cancel()
	config, _ := ginkgo.GinkgoConfiguration()
	if config.ParallelTotal <= 1 {
		folder, err := os.MkdirTemp("", "ginkgopytest-")
		if err != nil {
			return nil, err
		}
		defer os.RemoveAll(folder)
		return s.collectInto(ctx, filepath.Join(folder, "collection.json"))
	}
	sum := sha256.Sum256([]byte(config.ParallelHost + "\x00" + s.Dir))
	shared := filepath.Join(os.TempDir(), fmt.Sprintf("ginkgopytest-%x.json", sum[:8]))
	if config.ParallelProcess == 1 {
		return s.collectInto(ctx, shared)
	}
	return awaitCollection(ctx, shared, time.Now().Add(-collectTimeout))
}

func (s Suite) collectInto(ctx context.Context, path string) (*Collection, error) {
	// A file of an earlier run must not pass for this one's.
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	args := s.command("--collect-only", "-q", "-p", "no:cacheprovider", "--ginkgo-collect="+path)
	command := exec.CommandContext(ctx, args[0], args[1:]...)
	command.Dir, command.Env = s.Dir, s.environment()
	output, runErr := command.CombinedOutput()
	collection, err := readCollection(path)
	if errors.Is(err, os.ErrNotExist) {
		err = errors.Join(runErr, err)
	} else if err == nil && len(collection.Errors) == 0 && command.ProcessState.ExitCode() != noTests {
		err = runErr
	}
	if err != nil {
		return nil, fmt.Errorf("pytest collected nothing (%w): %s", err, strings.TrimSpace(string(output)))
	}
	return collection, nil
}

// awaitCollection waits for a file of this run; one from long ago is another's.
func awaitCollection(ctx context.Context, path string, notBefore time.Time) (*Collection, error) {
	ticker := time.NewTicker(pollInterval)
	defer ticker.Stop()
	for {
		if info, err := os.Stat(path); err == nil && info.ModTime().After(notBefore) {
			return readCollection(path)
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("process 1 has not collected the Python tests: %w", ctx.Err())
		case <-ticker.C:
		}
	}
}

func readCollection(path string) (*Collection, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	collection := &Collection{}
	if err := json.Unmarshal(text, collection); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return collection, nil
}

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

const pollInterval = 20 * time.Millisecond

// Test is one collected Python test.
type Test struct {
	NodeID string `json:"nodeid"`
	// Path and Line are those of the definition.
	Path string `json:"path"`
	Line int    `json:"line"`
	// LastLine is that of its code; 0 if it is not known.
	LastLine int `json:"last_line"`
	// Module is the file in which pytest found it.
	Module     string   `json:"module"`
	Name       string   `json:"name"`
	Containers []string `json:"containers"`
	// Labels are the markers, and name:value for each of their text arguments.
	Labels []string `json:"labels"`
}

// CollectError is a module or class that pytest could not collect.
type CollectError struct {
	NodeID   string `json:"nodeid"`
	Longrepr string `json:"longrepr"`
}

// SkippedModule is a module that skips itself, so that its tests are unknown.
type SkippedModule struct {
	NodeID string `json:"nodeid"`
	Reason string `json:"reason"`
}

// Collection is what pytest would run.
type Collection struct {
	Tests   []Test          `json:"tests"`
	Errors  []CollectError  `json:"errors"`
	Skipped []SkippedModule `json:"skipped"`
	// Continues says that pytest runs the tests although there are errors: xdist
	// does, and --continue-on-collection-errors asks for it.
	Continues bool `json:"continues"`

	nodeIDs map[string]string
}

// handOver is the file through which process 1 gives the others its collection.
type handOver struct {
	Collection
	// Failure says why there is none.
	Failure string `json:"failure,omitempty"`
}

// Collect asks pytest for its tests, once for all Ginkgo processes: process 1
// collects, the others wait for its file. Errors in the tests are part of the
// Collection; the error is about pytest itself.
func (s Suite) Collect(ctx context.Context) (*Collection, error) {
	ctx, cancel := context.WithTimeout(ctx, orDefault(s.CollectTimeout, defaultCollectTimeout))
	defer cancel()
	if err := forbidCaching(); err != nil {
		return nil, err
	}
	config, _ := ginkgo.GinkgoConfiguration()
	if config.ParallelTotal <= 1 {
		return s.collect(ctx)
	}
	shared := s.sharedFile(config.ParallelHost)
	if config.ParallelProcess > 1 {
		return awaitCollection(ctx, shared)
	}
	// A file of an earlier run of the same ginkgo must not pass for this one's.
	if err := os.Remove(shared); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	collection, err := s.collect(ctx)
	document := handOver{Failure: fmt.Sprint(err)}
	if err == nil {
		document = handOver{Collection: *collection}
	}
	text, jsonErr := json.Marshal(document)
	if jsonErr != nil {
		return nil, jsonErr
	}
	return collection, errors.Join(err, writeFile(shared, text))
}

// sharedFile is a path that the processes of this run have in common and no
// other run has: they are children of the same ginkgo.
func (s Suite) sharedFile(parallelHost string) string {
	key := fmt.Sprintf("%d\x00%s\x00%s\x00%q", os.Getppid(), parallelHost, s.Dir, s.Args)
	sum := sha256.Sum256([]byte(key))
	return filepath.Join(os.TempDir(), fmt.Sprintf("ginkgopytest-%d-%x.json", os.Getuid(), sum[:8]))
}

func (s Suite) collect(ctx context.Context) (*Collection, error) {
	folder, err := os.MkdirTemp("", "ginkgopytest-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	path := filepath.Join(folder, "collection.json")
	args := s.command("--collect-only", "-q", "--ginkgo-in-process", "--ginkgo-collect="+path)
	if s.parallel() {
		// Says at once when xdist does not take part.
		args = append(args, "-n", "0")
	}
	command := exec.CommandContext(ctx, s.python(), args...)
	command.Dir, command.Env = s.Dir, s.environment()
	command.WaitDelay = time.Second
	output, runErr := command.CombinedOutput()
	if ctx.Err() != nil {
		return nil, fmt.Errorf("pytest did not collect its tests in time (%w): %s", ctx.Err(), strings.TrimSpace(string(output)))
	}
	document, err := readHandOver(path)
	if errors.Is(err, os.ErrNotExist) {
		err = errors.Join(runErr, err)
	}
	if err != nil {
		return nil, fmt.Errorf("pytest collected nothing (%w)%s: %s", err, s.remedy(string(output)), strings.TrimSpace(string(output)))
	}
	document.Continues = document.Continues || s.parallel()
	return &document.Collection, nil
}

// remedy names the package that an interpreter lacks.
func (s Suite) remedy(output string) string {
	const (
		missing = "; %s is not installed for %s: run `%[2]s -m pip install %[1]s`"
		blocked = "; pytest does not load %s: remove `-p no:%[2]s`, or run `%[3]s -m pip install %[1]s`"
	)
	switch {
	case strings.Contains(output, "No module named pytest"), strings.Contains(output, `Error importing plugin "ginkgo"`):
		return fmt.Sprintf(missing, "pytest-ginkgo", s.Python)
	case strings.Contains(output, `Error importing plugin "xdist"`):
		return fmt.Sprintf(missing, "pytest-xdist", s.Python)
	case strings.Contains(output, "unrecognized arguments: --ginkgo"):
		return fmt.Sprintf(blocked, "pytest-ginkgo", "ginkgo", s.Python)
	case strings.Contains(output, "unrecognized arguments: -n"):
		return fmt.Sprintf(blocked, "pytest-xdist", "xdist", s.Python)
	}
	return ""
}

// awaitCollection waits for the file of process 1.
func awaitCollection(ctx context.Context, path string) (*Collection, error) {
	ticker := time.NewTicker(pollInterval)
	defer ticker.Stop()
	for {
		document, err := readHandOver(path)
		switch {
		case err == nil && document.Failure != "":
			return nil, errors.New(document.Failure)
		case err == nil:
			return &document.Collection, nil
		case !errors.Is(err, os.ErrNotExist):
			return nil, err
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("process 1 has not collected the Python tests: %w", ctx.Err())
		case <-ticker.C:
		}
	}
}

func readHandOver(path string) (*handOver, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	document := &handOver{}
	if err := json.Unmarshal(text, document); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return document, nil
}

package ginkgopytest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

const (
	eventsFile = "events.jsonl"
	exitFile   = "pytest-exit.json"
	junitFile  = "junit.xml"
	logFile    = "logs/pytest.log"
	tailLines  = 20
)

// Run is one pytest run, seen through the files that it writes. Every Ginkgo
// process can attach to it.
type Run struct {
	dir     string
	process *process
	wanted  []string

	mutex sync.Mutex
	log   *log
}

// Summary counts how the tests of a run ended.
type Summary struct {
	Passed  int
	Failed  int
	Errors  int
	Skipped int
	// Workers is the number of workers that ran a test.
	Workers int
	Seconds float64
	// ExitCode is pytest's; -1 when a signal ended it.
	ExitCode int
	// Finished says that pytest wrote its last event. Without it the run was cut off.
	Finished bool
}

type exit struct {
	Code    int     `json:"exit_code"`
	Seconds float64 `json:"seconds"`
	State   string  `json:"state"`
}

// Start runs the tests with these node ids in one pytest. It lives until it
// ends or Stop is called, whatever becomes of the node that started it.
// reportDir gets events.jsonl, junit.xml, logs/pytest.log and pytest-exit.json.
func (s Suite) Start(reportDir string, nodeIDs []string, env ...string) (*Run, error) {
	// pytest runs in another folder.
	reportDir, err := filepath.Abs(reportDir)
	if err != nil {
		return nil, err
	}
	if err := s.prepare(reportDir); err != nil {
		return nil, err
	}
	selection := filepath.Join(reportDir, "selected-tests.txt")
	if err := writeFile(selection, []byte(strings.Join(nodeIDs, "\n")+"\n")); err != nil {
		return nil, err
	}
	command := s.command(
		"-n", s.workers(), "-p", "no:cacheprovider",
		"--ginkgo-select="+selection,
		"--ginkgo-events="+filepath.Join(reportDir, eventsFile),
		"--junitxml="+filepath.Join(reportDir, junitFile),
	)
	process, err := startProcess(command, s.Dir, s.environment(env...), filepath.Join(reportDir, logFile), filepath.Join(reportDir, exitFile))
	if err != nil {
		return nil, fmt.Errorf("start pytest: %w", err)
	}
	run := Attach(reportDir)
	run.process, run.wanted = process, nodeIDs
	return run, nil
}

// prepare makes the folder and removes what an earlier run left: its events
// would count as this one's.
func (s Suite) prepare(reportDir string) error {
	if err := os.MkdirAll(filepath.Join(reportDir, filepath.Dir(logFile)), 0o755); err != nil {
		return err
	}
	stale := []string{exitFile, junitFile}
	if !s.AppendEvents {
		stale = append(stale, eventsFile)
	}
	for _, name := range stale {
		if err := os.Remove(filepath.Join(reportDir, name)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return nil
}

// Attach follows a run that another Ginkgo process started.
func Attach(reportDir string) *Run {
	return &Run{dir: reportDir, log: newLog(filepath.Join(reportDir, eventsFile))}
}

// Stop ends pytest if it still runs. When every test has reported, pytest gets
// the time to end by itself; else it gets SIGINT, so that fixtures tear down
// and reports are written, then SIGKILL. It does nothing for an attached run.
func (r *Run) Stop() {
	if r.process == nil {
		return
	}
	if r.complete() {
		r.process.awaitEnd()
	}
	r.process.stop()
}

func (r *Run) complete() bool {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if r.log.read() != nil {
		return false
	}
	for _, nodeID := range r.wanted {
		if _, ok := r.log.results[nodeID]; !ok {
			return false
		}
	}
	return true
}

// Wait returns how a test ended, as soon as it has. A test that pytest never
// reported failed: the reason says how pytest ended. The error is the context's.
func (r *Run) Wait(ctx context.Context, nodeID string) (Result, error) {
	var result Result
	err := r.poll(ctx, func(ended *exit) (bool, error) {
		var found bool
		if result, found = r.log.results[nodeID]; found {
			return true, nil
		}
		if ended != nil {
			result = Result{NodeID: nodeID, Outcome: "failed", Reason: r.unreported(*ended)}
		}
		return ended != nil, nil
	})
	return result, err
}

// Done waits for the end of pytest and counts the outcomes.
func (r *Run) Done(ctx context.Context) (Summary, error) {
	var summary Summary
	err := r.poll(ctx, func(ended *exit) (bool, error) {
		if ended == nil {
			return false, nil
		}
		summary = Summary{Seconds: ended.Seconds, ExitCode: ended.Code, Finished: r.log.finished}
		workers := map[string]bool{}
		for _, result := range r.log.results {
			if result.Worker != "" {
				workers[result.Worker] = true
			}
			switch result.Outcome {
			case "passed", "xfailed", "xpassed":
				summary.Passed++
			case "skipped":
				summary.Skipped++
			case "error":
				summary.Errors++
			default:
				summary.Failed++
			}
		}
		summary.Workers = len(workers)
		return true, nil
	})
	return summary, err
}

// poll reads on until done says so. The exit is looked up before the events
// are read, so that a test which finished last is not taken for unreported.
func (r *Run) poll(ctx context.Context, done func(*exit) (bool, error)) error {
	ticker := time.NewTicker(pollInterval)
	defer ticker.Stop()
	for {
		finished, err := r.look(done)
		if finished || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("pytest is still running: %w", ctx.Err())
		case <-ticker.C:
		}
	}
}

func (r *Run) look(done func(*exit) (bool, error)) (bool, error) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	ended, err := readExit(filepath.Join(r.dir, exitFile))
	if err != nil {
		return false, err
	}
	if err := r.log.read(); err != nil {
		return false, fmt.Errorf("read the events of pytest: %w", err)
	}
	return done(ended)
}

func (r *Run) unreported(ended exit) string {
	text, err := os.ReadFile(filepath.Join(r.dir, logFile))
	if err != nil {
		text = []byte(err.Error())
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	if len(lines) > tailLines {
		lines = lines[len(lines)-tailLines:]
	}
	return fmt.Sprintf("pytest ended (%s) without reporting this test; its last lines:\n%s", ended.State, strings.Join(lines, "\n"))
}

func readExit(path string) (*exit, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	ended := &exit{}
	return ended, json.Unmarshal(text, ended)
}

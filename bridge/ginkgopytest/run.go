package ginkgopytest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
)

const (
	eventsFile   = "events.jsonl"
	exitFile     = "pytest-exit.json"
	lockFile     = "pytest.lock"
	junitFile    = "junit.xml"
	logFile      = "logs/pytest.log"
	stacksFolder = "logs/stacks"
	// deselectedFile is a JSON array of node ids.
	deselectedFile = "deselected-tests.json"

	// Whoever stops the suite knows why, so that nothing is wrong with the run.
	stoppedEarly = "it was stopped before its tests had ended"
	stoppedTwice = "it was interrupted twice"
)

// Run is one pytest run, seen through the files that it writes. Every Ginkgo
// process can attach to it.
type Run struct {
	dir     string
	process *process
	// selection is known to the Ginkgo process that started pytest.
	selection Selection

	mutex sync.Mutex
	log   *events.Follower
	seen  *events.Run
	stops []events.Event
	// busy is what each worker does, by the clock of this process.
	busy map[string]busy
	// collected are the tests of the run's own collection, once they are asked for.
	collected map[string]bool
}

// busy is a test that a worker began.
type busy struct {
	nodeID string
	pid    int
	since  time.Time
}

// Start runs the selected tests in one pytest. It lives until it ends, a
// deadline passes or Stop is called, whatever becomes of the node that started it. reportDir gets events.jsonl, junit.xml, pytest-exit.json,
// logs/pytest.log and, when something crashes, logs/stacks.
func (s Suite) Start(reportDir string, selection Selection, env ...string) (*Run, error) {
	// pytest runs in another folder.
	reportDir, err := filepath.Abs(reportDir)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Join(reportDir, filepath.Dir(logFile)), 0o755); err != nil {
		return nil, err
	}
	command, err := s.selecting(s.runCommand(reportDir), reportDir, selection)
	if err != nil {
		return nil, err
	}
	process, err := s.startProcess(command, reportDir, s.environment(env...))
	if err != nil {
		return nil, fmt.Errorf("start pytest: %w", err)
	}
	run := Attach(reportDir)
	run.process, run.selection = process, selection
	watchdog := &watchdog{run: run, testTimeout: s.TestTimeout, runTimeout: s.RunTimeout, aborted: map[busy]time.Time{}}
	go watchdog.watch()
	return run, nil
}

// selecting adds what Ginkgo deselected. Without filters pytest runs whatever it
// collects.
func (s Suite) selecting(command []string, reportDir string, selection Selection) ([]string, error) {
	path := filepath.Join(reportDir, deselectedFile)
	if len(selection.Deselected) == 0 {
		if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
			return nil, err
		}
		return command, nil
	}
	text, err := json.Marshal(selection.Deselected)
	if err != nil {
		return nil, err
	}
	return append(command, "--ginkgo-deselect="+path), writeFile(path, text)
}

// prepare removes what an earlier run left: its events would count as this one's.
func (s Suite) prepare(reportDir string) error {
	stale := []string{exitFile, junitFile}
	if !s.appendEvents {
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
	return &Run{dir: reportDir, log: events.Follow(filepath.Join(reportDir, eventsFile)), seen: events.NewRun(), busy: map[string]busy{}}
}

// Stop ends pytest if it still runs. When every test has reported, pytest may go
// on as long as it writes; silence for TeardownTime and a millisecond for each
// test is a hang. Else, or after that, it gets SIGINT, so that
// fixtures tear down and reports are written; SIGABRT, so that it prints its
// stacks; SIGKILL. When the context ends it is killed. Stop does nothing for an
// attached run.
func (r *Run) Stop(ctx context.Context) {
	if r.process == nil {
		return
	}
	reason := stoppedEarly
	if r.complete() {
		if r.awaitEnd(ctx) {
			return
		}
		reason = fmt.Sprintf("it did not end within %v after its last test, in which it wrote nothing", r.endLimit())
	}
	r.process.stop(ctx, reason, r.workers)
}

// killIfRunning ends a run whose clean-up Ginkgo left out: after a second interrupt.
func (r *Run) killIfRunning() {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	r.process.stop(ctx, stoppedTwice, r.workers)
}

func (r *Run) complete() bool {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if r.read() != nil {
		return false
	}
	for _, nodeID := range r.selection.Selected {
		if !ended(r.seen.Test(nodeID)) {
			return false
		}
	}
	return true
}

// workers are the pids of the workers that came up and have not gone.
func (r *Run) workers() []int {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	_ = r.read() // What has been read is enough.
	var pids []int
	for _, worker := range r.seen.Workers {
		if worker.PID > 0 && worker.Down == 0 {
			pids = append(pids, worker.PID)
		}
	}
	return pids
}

// running are the tests that have started and not ended.
func (r *Run) running() []busy {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	_ = r.read() // The next look will have the rest.
	return slices.Collect(maps.Values(r.busy))
}

// Wait returns how a test ended, as soon as it has. A test that pytest never
// reported failed: the reason says how pytest ended. The error is the context's.
func (r *Run) Wait(ctx context.Context, nodeID string) (Result, error) {
	var result Result
	err := r.poll(ctx, func(exited *exit) (bool, error) {
		if test := r.seen.Test(nodeID); ended(test) {
			result = resultOf(test)
			if cause := r.cause(nodeID); cause != nil && failed(result.Outcome) {
				result.Reason, result.Path, result.Line = cause.Reason+"\n\n"+result.Reason, cause.Path, cause.Line
			}
			return true, nil
		}
		if exited != nil {
			result = r.unreported(nodeID, *exited)
		}
		return exited != nil, nil
	})
	return result, err
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
	exited, err := r.exited()
	if err != nil {
		return false, err
	}
	if err := r.read(); err != nil {
		return false, err
	}
	return done(exited)
}

// exited is how pytest ended, or nil while it runs.
func (r *Run) exited() (*exit, error) {
	if r.process != nil {
		return r.process.exited(), nil
	}
	path := filepath.Join(r.dir, exitFile)
	told, err := readExit(path)
	if told != nil || err != nil {
		return told, err
	}
	gone, err := abandoned(r.dir)
	if !gone || err != nil {
		return nil, err
	}
	// It may have been told just before.
	if told, err = readExit(path); told == nil && err == nil {
		told = &exit{Code: -1, State: "it is not known how: the process that started it is gone or could not write " + exitFile}
	}
	return told, err
}

func (r *Run) read() error {
	return r.log.Each(func(event events.Event) {
		r.seen.Apply(event)
		r.follow(event)
	})
}

// follow keeps who does what. The times are of this process: a test may set the
// clock of its own.
func (r *Run) follow(event events.Event) {
	switch event.Event {
	case events.SessionStop:
		r.stops = append(r.stops, event)
	case events.TestStart:
		r.busy[event.Worker] = busy{event.NodeID, event.PID, time.Now()}
	case events.WorkerDown:
		delete(r.busy, event.Worker)
	case events.TestPhase, events.TestFinish:
		done := event.Event == events.TestFinish || event.When == "teardown"
		if done && r.busy[event.Worker].nodeID == event.NodeID {
			delete(r.busy, event.Worker)
		}
	}
}

package stampede

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/jordigilh/kubernaut/test/infrastructure/files"
	"github.com/jordigilh/kubernaut/test/infrastructure/process"
	"github.com/jordigilh/kubernaut/test/infrastructure/runs"
)

// Workers is the number of pytest workers; the naive suite has a test for each.
const Workers = 11

const (
	gatherLimit = 3 * time.Minute
	endLimit    = time.Minute
)

// callerPlan is how the callers behave, in the form that the naive suite reads.
type callerPlan struct {
	URL            string            `json:"url"`
	TokenFile      string            `json:"token_file"`
	Barrier        string            `json:"barrier"`
	AtOnce         bool              `json:"at_once"`
	TimeoutSeconds float64           `json:"timeout_seconds"`
	Attempts       int               `json:"attempts"`
	Workflows      []json.RawMessage `json:"workflows"`
}

// limit is the longest that the callers can take, with a reserve for a busy machine.
func (l callerPlan) limit() time.Duration {
	rounds := l.Attempts
	if !l.AtOnce {
		rounds *= len(l.Workflows)
	}
	return time.Duration(float64(rounds)*l.TimeoutSeconds)*time.Second + endLimit
}

// pytest is one run of the naive suite.
type pytest struct {
	python, suite, dir, runID string
}

// outcome is what the callers saw: the load's duration and the tests that
// passed; and how busy the machine was with other things.
type outcome struct {
	seconds, foreignCPU float64
	passed              int
}

// send starts the workers, waits for all, and lets them send the load.
func (p pytest) send(ctx context.Context, l callerPlan) (_ outcome, err error) {
	gate, err := newBarrier()
	if err != nil {
		return outcome{}, err
	}
	defer gate.close()
	l.Barrier = gate.address()
	workers, err := p.launch(l)
	if err != nil {
		return outcome{}, err
	}
	defer func() { err = errors.Join(err, workers.Stop(context.WithoutCancel(ctx))) }()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	go func() {
		<-workers.Exited()
		cancel(errors.New("pytest ended"))
	}()
	seen, err := p.measure(ctx, gate, l)
	if err != nil {
		return outcome{}, fmt.Errorf("%w\n%s", err, process.Tail(workers.LogPath, 30))
	}
	select {
	case <-workers.Exited():
	case <-time.After(endLimit):
		return outcome{}, fmt.Errorf("pytest did not end within %s of its load", endLimit)
	}
	seen.passed, err = passedTests(p.junit())
	return seen, err
}

func (p pytest) measure(ctx context.Context, gate *barrier, l callerPlan) (outcome, error) {
	coming, cancel := context.WithTimeoutCause(ctx, gatherLimit, fmt.Errorf("not within %s", gatherLimit))
	defer cancel()
	if err := gate.gather(coming, Workers); err != nil {
		return outcome{}, err
	}
	// Everything of this run waits at the barrier: what is busy now is not ours.
	foreignCPU, err := awaitCalm(ctx)
	if err != nil {
		return outcome{}, err
	}
	sending, cancel := context.WithTimeoutCause(ctx, l.limit(), fmt.Errorf("the load took more than %s", l.limit()))
	defer cancel()
	took, err := gate.run(sending)
	return outcome{seconds: took.Seconds(), foreignCPU: foreignCPU}, err
}

func (p pytest) launch(l callerPlan) (*process.Process, error) {
	data, err := json.Marshal(l)
	if err != nil {
		return nil, err
	}
	plan := filepath.Join(p.dir, "plan.json")
	if err := files.Write(plan, data); err != nil {
		return nil, err
	}
	return process.Launch(process.Spec{Name: "pytest", Path: p.python, Dir: p.suite, Env: runs.Mark(p.runID),
		LogPath: filepath.Join(p.dir, "pytest.log"),
		Args:    []string{"-m", "pytest", "-n", strconv.Itoa(Workers), "--plan=" + plan, "--junitxml=" + p.junit(), "."}})
}

func (p pytest) junit() string { return filepath.Join(p.dir, "junit.xml") }

func passedTests(junit string) (int, error) {
	data, err := os.ReadFile(junit)
	if err != nil {
		return 0, fmt.Errorf("pytest left no report: %w", err)
	}
	var report struct {
		Suites []struct {
			Tests    int `xml:"tests,attr"`
			Failures int `xml:"failures,attr"`
			Errors   int `xml:"errors,attr"`
			Skipped  int `xml:"skipped,attr"`
		} `xml:"testsuite"`
	}
	if err := xml.Unmarshal(data, &report); err != nil {
		return 0, fmt.Errorf("%s: %w", junit, err)
	}
	passed := 0
	for _, suite := range report.Suites {
		passed += suite.Tests - suite.Failures - suite.Errors - suite.Skipped
	}
	return passed, nil
}

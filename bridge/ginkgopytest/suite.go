package ginkgopytest

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/store"
)

const (
	defaultCollectTimeout = 2 * time.Minute
	defaultTeardownTime   = 10 * time.Second
)

// Suite says which pytest project to run, and how.
type Suite struct {
	// Python is the interpreter: a path from the folder of this process, or a
	// name on PATH. pytest-ginkgo and pytest-xdist are installed for it.
	Python string
	// Dir is the folder in which pytest runs and below which its tests are.
	Dir string
	// Args go to pytest, at collection and at the run.
	Args []string
	// Workers is xdist's -n; empty means auto, "0" means no workers.
	Workers string
	// Env is added to the environment of this process.
	Env []string
	// AllowEmpty lets a suite pass that has no test, or whose filters leave none.
	AllowEmpty bool

	Limits
	// Reports is where RunSpecs leaves the event log and the reports.
	Reports Reports
	// Hooks are what RunSpecs does besides running pytest.
	Hooks Hooks

	// appendEvents says that the log has been begun; else Start begins it anew.
	appendEvents bool
}

// Limits are what the parts of a run get; zero is the default of each.
type Limits struct {
	// TestTimeout is what one test gets, set-up included; 0 is no limit. A test
	// that takes longer fails and tears down. If that does not help, its
	// process gets SIGABRT once TeardownTime is over as well.
	TestTimeout time.Duration
	// RunTimeout is what the whole run of pytest gets; 0 is no limit.
	RunTimeout time.Duration
	// CollectTimeout is what the collection gets; 0 means two minutes.
	CollectTimeout time.Duration
	// TeardownTime is what fixtures get after SIGINT; 0 means ten seconds.
	TeardownTime time.Duration
}

// Reports says where a run leaves its event log and its reports.
type Reports struct {
	// Dir is their folder; empty means a temporary one. Without a RunID it is
	// that of the newest run only.
	Dir string
	// RunID names the run and makes Dir the home of all runs of the suite: this
	// one's folder is Dir/RunID, to which the link Dir/latest leads. An id is
	// used once.
	RunID string
	// Keep is what stays of earlier runs in Dir; zero is everything.
	Keep store.Limits
	// FailOnFlaky fails a run with a test whose outcome changed although the
	// source did not, or that passed after a rerun.
	FailOnFlaky bool
}

// python is a path that stays the same in Dir, where pytest runs.
func (s Suite) python() string {
	if !strings.ContainsRune(s.Python, filepath.Separator) {
		return s.Python
	}
	if path, err := filepath.Abs(s.Python); err == nil {
		return path
	}
	return s.Python
}

// command names the plugins that it needs, because PYTEST_DISABLE_PLUGIN_AUTOLOAD
// keeps pytest from finding them.
func (s Suite) command(args ...string) []string {
	command := append([]string{"-m", "pytest"}, s.Args...)
	command = append(command, "-p", "ginkgo")
	if s.parallel() {
		command = append(command, "-p", "xdist")
	}
	return append(command, args...)
}

// runCommand keeps what pytest prints out of buffers that die with it, and has
// a Python that is aborted print its stacks.
func (s Suite) runCommand(reportDir string) []string {
	command := append([]string{s.python(), "-u", "-X", "faulthandler"}, s.command(
		"--ginkgo-events="+filepath.Join(reportDir, eventsFile),
		"--ginkgo-stacks="+filepath.Join(reportDir, stacksFolder),
		"--junitxml="+filepath.Join(reportDir, junitFile),
	)...)
	if s.parallel() {
		command = append(command, "-n", s.workers())
	} else {
		command = append(command, "--ginkgo-in-process")
	}
	if s.TestTimeout > 0 {
		seconds := strconv.FormatFloat(s.TestTimeout.Seconds(), 'f', -1, 64)
		command = append(command, "--ginkgo-test-timeout="+seconds)
	}
	return command
}

func (s Suite) environment(more ...string) []string {
	return append(append(os.Environ(), s.Env...), more...)
}

// parallel says whether xdist has workers.
func (s Suite) parallel() bool { return s.workers() != "0" }

func (s Suite) workers() string {
	if s.Workers == "" {
		return "auto"
	}
	return s.Workers
}

func orDefault(value, fallback time.Duration) time.Duration {
	if value > 0 {
		return value
	}
	return fallback
}

// writeFile hands text over in one step, so that a reader sees all or nothing.
func writeFile(path string, text []byte) error {
	file, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer os.Remove(file.Name())
	_, err = file.Write(text)
	if closeErr := file.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return err
	}
	return os.Rename(file.Name(), path)
}

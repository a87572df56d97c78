package suite

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest"
	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/store"
	"github.com/jordigilh/kubernaut/test/infrastructure/runs"
)

// Settings are what the environment says of a run.
type Settings struct {
	// Root is the checkout.
	Root string
	// ReportDir has a folder for each run of the suite.
	ReportDir string
	// RunID names the run, and so its folder.
	RunID string
	// Keep leaves the stack for the next run.
	Keep bool
	// Workers are pytest's; empty means auto.
	Workers string
	// PytestDir has Python tests to run instead of the suite's own.
	PytestDir string
	// KeepRuns and KeepMegabytes are what stays of earlier runs; empty is all.
	KeepRuns, KeepMegabytes string
	// FailOnFlaky fails a run with a test that is.
	FailOnFlaky bool
}

// FromEnvironment reads the settings of the suite whose reports lie in a folder
// of this name.
func FromEnvironment(name string) Settings {
	root := checkout()
	return Settings{
		Root:      root,
		ReportDir: filepath.Join(orElse(os.Getenv("REPORTS_DIR"), filepath.Join(root, "reports")), name),
		RunID:     orElse(os.Getenv("E2E_RUN_ID"), runs.NewID()),
		Keep:      os.Getenv("KEEP_CLUSTER") == "true",
		Workers:   os.Getenv("WORKERS"),
		PytestDir: os.Getenv("E2E_PYTEST_DIR"),

		KeepRuns:      os.Getenv("REPORTS_KEEP_RUNS"),
		KeepMegabytes: os.Getenv("REPORTS_KEEP_MB"),
		FailOnFlaky:   os.Getenv("FAIL_ON_FLAKY") == "true",
	}
}

// Path is that of a file of the checkout.
func (s Settings) Path(name string) string { return filepath.Join(s.Root, filepath.FromSlash(name)) }

// Pytest is a project of Python tests: the folder of the checkout that has them
// and the environment that runs them.
func (s Settings) Pytest(dir, python string) ginkgopytest.Suite {
	return ginkgopytest.Suite{
		Python:  s.Path(python + "/bin/python"),
		Dir:     orElse(s.PytestDir, s.Path(dir)),
		Workers: s.Workers,
		Reports: s.Reports(),
	}
}

// Reports is where the run leaves its log and reports.
func (s Settings) Reports() ginkgopytest.Reports {
	keep, _ := s.keep()
	return ginkgopytest.Reports{Dir: s.ReportDir, RunID: s.RunID, Keep: keep, FailOnFlaky: s.FailOnFlaky}
}

// keep is an error when a setting is no number.
func (s Settings) keep() (store.Limits, error) {
	runs, runsErr := count("REPORTS_KEEP_RUNS", s.KeepRuns)
	megabytes, bytesErr := count("REPORTS_KEEP_MB", s.KeepMegabytes)
	return store.Limits{Runs: runs, Bytes: int64(megabytes) << 20}, errors.Join(runsErr, bytesErr)
}

func count(name, text string) (int, error) {
	if text == "" {
		return 0, nil
	}
	value, err := strconv.Atoi(text)
	if err != nil || value < 0 {
		return 0, fmt.Errorf("%s is %q: set it to a number, or unset it to keep all", name, text)
	}
	return value, nil
}

// checkout is the one that this file is in.
func checkout() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(file), "..", "..", "..")
}

func orElse(value, fallback string) string {
	if value == "" {
		return fallback
	}
	return value
}

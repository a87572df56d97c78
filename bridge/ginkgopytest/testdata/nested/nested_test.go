// Package nested is a suite that ginkgopytest's own tests run in a subprocess.
package nested

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/types"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest"
	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/store"
)

func duration(variable string) time.Duration {
	value, _ := time.ParseDuration(os.Getenv(variable))
	return value
}

func number(variable string) int {
	value, _ := strconv.Atoi(os.Getenv(variable))
	return value
}

var (
	reports = ginkgopytest.Reports{
		Dir: os.Getenv("NESTED_REPORT"), RunID: os.Getenv("NESTED_RUN_ID"),
		Keep: store.Limits{Runs: number("NESTED_KEEP_RUNS")}, FailOnFlaky: os.Getenv("NESTED_FAIL_ON_FLAKY") != "",
	}
	hooks = ginkgopytest.Hooks{Prepare: prepare, Check: check, Finish: finish}
)

// prepare has a step in each of two lanes; the second fails with the hook.
func prepare(_ ginkgo.SpecContext, journal *ginkgopytest.Journal) []string {
	note("prepare " + journal.RunID)
	ginkgo.DeferCleanup(func() { note("clean up") })
	_ = journal.Step("database", "start", func() error { return nil })
	if reason := os.Getenv("NESTED_PREPARE_FAILS"); reason != "" {
		journal.Lane("seed")("post")(errors.New(reason))
		ginkgo.Fail(reason)
	}
	return []string{"PREPARED=yes"}
}

func check(_ ginkgo.SpecContext, _ *ginkgopytest.Journal, tests *ginkgopytest.Summary) []string {
	if tests == nil {
		note("check without pytest")
	} else {
		note(fmt.Sprintf("check %d passed, %d failed", tests.Passed, tests.Failed))
	}
	return strings.Fields(os.Getenv("NESTED_VIOLATIONS"))
}

func finish(journal *ginkgopytest.Journal, report types.Report) error {
	_, err := os.Stat(journal.Dir + "/report.json")
	note(fmt.Sprintf("finish %d specs", len(report.SpecReports.WithLeafNodeType(types.NodeTypeIt))))
	if reason := os.Getenv("NESTED_FINISH_FAILS"); reason != "" {
		err = errors.Join(err, errors.New(reason))
	}
	return err
}

// note adds a line to the file of NESTED_NOTES.
func note(line string) {
	path := os.Getenv("NESTED_NOTES")
	if path == "" {
		return
	}
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		ginkgo.Fail(err.Error())
	}
	defer file.Close()
	fmt.Fprintln(file, line)
}

func TestNested(t *testing.T) {
	if os.Getenv("NESTED_GO_SPECS") != "" {
		ginkgo.Describe("Go", func() { ginkgo.It("passes", func() { note("spec") }) })
	}
	if os.Getenv("NESTED_PROJECT") == "" {
		ginkgopytest.RunGoSpecs(t, "nested", reports, hooks)
		return
	}
	ginkgopytest.RunSpecs(t, "nested", ginkgopytest.Suite{
		Python:     os.Getenv("NESTED_PYTHON"),
		Dir:        os.Getenv("NESTED_PROJECT"),
		Args:       strings.Fields(os.Getenv("NESTED_ARGS")),
		Workers:    os.Getenv("NESTED_WORKERS"),
		AllowEmpty: os.Getenv("NESTED_ALLOW_EMPTY") != "",
		Limits: ginkgopytest.Limits{
			TestTimeout:  duration("NESTED_TEST_TIMEOUT"),
			RunTimeout:   duration("NESTED_RUN_TIMEOUT"),
			TeardownTime: duration("NESTED_TEARDOWN_TIME"),
		},
		Reports: reports,
		Hooks:   hooks,
	})
}

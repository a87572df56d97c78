// Package nested is a suite that ginkgopytest's own tests run in a subprocess.
package nested

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/onsi/ginkgo/v2"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest"
)

func duration(variable string) time.Duration {
	value, _ := time.ParseDuration(os.Getenv(variable))
	return value
}

func TestNested(t *testing.T) {
	ginkgopytest.RunSpecs(t, "nested", ginkgopytest.Suite{
		Python:       os.Getenv("NESTED_PYTHON"),
		Dir:          os.Getenv("NESTED_PROJECT"),
		ReportDir:    os.Getenv("NESTED_REPORT"),
		Workers:      os.Getenv("NESTED_WORKERS"),
		Args:         strings.Fields(os.Getenv("NESTED_ARGS")),
		TestTimeout:  duration("NESTED_TEST_TIMEOUT"),
		RunTimeout:   duration("NESTED_RUN_TIMEOUT"),
		TeardownTime: duration("NESTED_TEARDOWN_TIME"),
		Prepare:      func(ginkgo.SpecContext) []string { return []string{"PREPARED=yes"} },
	})
}

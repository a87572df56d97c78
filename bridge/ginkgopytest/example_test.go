package ginkgopytest_test

import (
	"testing"
	"time"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest"
)

func ExampleRunSpecs() {
	TestPython := func(t *testing.T) {
		ginkgopytest.RunSpecs(t, "python", ginkgopytest.Suite{
			Python:  "../.venv/bin/python",
			Dir:     "..",
			Args:    []string{"tests"},
			Workers: "4",
			Limits:  ginkgopytest.Limits{TestTimeout: time.Minute},
			Reports: ginkgopytest.Reports{Dir: "reports"},
		})
	}
	_ = TestPython
}

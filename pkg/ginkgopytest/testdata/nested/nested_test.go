// Package nested is a suite that ginkgopytest's own tests run in a subprocess.
package nested

import (
	"context"
	"os"
	"testing"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/gomega"

	"github.com/jordigilh/kubernaut/pkg/ginkgopytest"
)

func TestNested(t *testing.T) {
	gomega.RegisterFailHandler(ginkgo.Fail)
	python := ginkgopytest.Suite{Python: os.Getenv("PYTHON"), Dir: os.Getenv("PROJECT"), Workers: "2"}
	tests, err := python.Collect(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	var run *ginkgopytest.Run
	tests.Describe(func() *ginkgopytest.Run { return run })
	config, reporter := ginkgo.GinkgoConfiguration()
	selected := tests.Selected(ginkgo.PreviewSpecs("nested", config, reporter))
	ginkgo.BeforeSuite(func() {
		run, err = python.Start(os.Getenv("REPORT_DIR"), selected)
		gomega.Expect(err).NotTo(gomega.HaveOccurred())
		ginkgo.DeferCleanup(run.Stop)
	})
	ginkgo.RunSpecs(t, "nested", config, reporter)
}

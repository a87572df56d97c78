// Package plain is a suite that ginkgo's command line does not recognise.
package plain

import (
	"os"
	"testing"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest"
)

func TestPlain(t *testing.T) {
	ginkgopytest.RunSpecs(t, "plain", ginkgopytest.Suite{
		Python: os.Getenv("NESTED_PYTHON"), Dir: os.Getenv("NESTED_PROJECT"), Workers: "0",
	})
}

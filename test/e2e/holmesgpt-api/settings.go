package holmesgptapi

import (
	"os"
	"path/filepath"
	"runtime"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest"
)

const (
	suiteName = "HolmesGPT API end to end"
	namespace = "holmesgpt-api-e2e"
)

var project = pythonProject()

// pythonProject is the folder of Python tests; E2E_PYTEST_DIR names another.
func pythonProject() ginkgopytest.Suite {
	tests := filepath.Join(repository(), "holmesgpt-api", "tests", "e2e")
	if other := os.Getenv("E2E_PYTEST_DIR"); other != "" {
		tests = other
	}
	return ginkgopytest.Suite{
		Python:  filepath.Join(repository(), ".venv-e2e", "bin", "python"),
		Dir:     tests,
		Workers: os.Getenv("WORKERS"),
		// The suite opens the log before there is a pytest.
		AppendEvents: true,
	}
}

func servicesPython() string {
	return filepath.Join(repository(), ".venv", "bin", "python")
}

// reports is the folder of this suite's runs; REPORTS_DIR names another root.
func reports() string {
	root := os.Getenv("REPORTS_DIR")
	if root == "" {
		root = filepath.Join(repository(), "reports")
	}
	return filepath.Join(root, "e2e-holmesgpt-api")
}

func keep() bool { return os.Getenv("KEEP_CLUSTER") == "true" }

func suiteDir() string { return filepath.Join(repository(), "test", "e2e", "holmesgpt-api") }

// repository is the root of the checkout that this file is in.
func repository() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(file), "..", "..", "..")
}

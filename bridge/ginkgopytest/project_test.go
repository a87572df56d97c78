package ginkgopytest_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest"
)

// patience bounds every wait; a test that works does not come near it.
const patience = 3 * time.Minute

// interpreter is the Python of the environment or of this checkout.
func interpreter(t *testing.T) string {
	t.Helper()
	if python := os.Getenv("PYTHON"); python != "" {
		return python
	}
	python, err := filepath.Abs(filepath.Join("..", "..", ".venv-bridge", "bin", "python"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(python); err != nil {
		t.Skip("no PYTHON and no .venv-bridge: run `make setup`")
	}
	return python
}

// interpreterWithout is a virtual environment with all that the bridge needs but
// one package.
func interpreterWithout(t *testing.T, missing string) string {
	t.Helper()
	g := NewWithT(t)
	python := interpreter(t)
	dir := t.TempDir()
	output, err := exec.Command(python, "-m", "venv", "--without-pip", dir).CombinedOutput()
	g.Expect(err).NotTo(HaveOccurred(), string(output))
	source, err := exec.Command(python, "-c", "import os, pytest; print(os.path.dirname(os.path.dirname(pytest.__file__)))").Output()
	g.Expect(err).NotTo(HaveOccurred())
	targets, err := filepath.Glob(filepath.Join(dir, "lib", "python*", "site-packages"))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(targets).To(HaveLen(1))
	module := strings.ReplaceAll(missing, "-", "_")
	for _, pattern := range []string{"pytest", "_pytest", "py.py", "pytest-*", "pluggy*", "iniconfig*", "packaging*", "pygments*", "xdist", "execnet*", "pytest_xdist*", "*pytest_ginkgo*"} {
		paths, err := filepath.Glob(filepath.Join(strings.TrimSpace(string(source)), pattern))
		g.Expect(err).NotTo(HaveOccurred())
		for _, path := range paths {
			name := filepath.Base(path)
			if !strings.Contains(name, module) && name != strings.TrimPrefix(module, "pytest_") {
				g.Expect(os.Symlink(path, filepath.Join(targets[0], name))).To(Succeed())
			}
		}
	}
	return filepath.Join(dir, "bin", "python")
}

// project is a suite for a folder of testdata.
func project(t *testing.T, name, workers string) ginkgopytest.Suite {
	t.Helper()
	dir, err := filepath.Abs(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return ginkgopytest.Suite{
		Python: interpreter(t), Dir: dir, Workers: workers,
		Env: []string{"PYTHONDONTWRITEBYTECODE=1"},
	}
}

func patient(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	return ctx
}

func collect(t *testing.T, suite ginkgopytest.Suite) *ginkgopytest.Collection {
	t.Helper()
	collection, err := suite.Collect(patient(t))
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	return collection
}

// start runs these tests; pytest is gone when the test ends.
func start(t *testing.T, suite ginkgopytest.Suite, nodeIDs ...string) *ginkgopytest.Run {
	t.Helper()
	run, err := suite.Start(t.TempDir(), selecting(t, suite, nodeIDs...))
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	t.Cleanup(func() { run.Stop(context.Background()) })
	return run
}

// selecting is what filters for these tests make of the suite.
func selecting(t *testing.T, suite ginkgopytest.Suite, nodeIDs ...string) ginkgopytest.Selection {
	t.Helper()
	selection := ginkgopytest.Selection{Selected: nodeIDs}
	for _, test := range collect(t, suite).Tests {
		if !slices.Contains(nodeIDs, test.NodeID) {
			selection.Deselected = append(selection.Deselected, test.NodeID)
		}
	}
	return selection
}

func wait(t *testing.T, run *ginkgopytest.Run, nodeID string) ginkgopytest.Result {
	t.Helper()
	result, err := run.Wait(patient(t), nodeID)
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	return result
}

func done(t *testing.T, run *ginkgopytest.Run) ginkgopytest.Summary {
	t.Helper()
	summary, err := run.Done(patient(t))
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	return summary
}

// lineOf is the 1-based line of a file on which the text stands first.
func lineOf(t *testing.T, path, text string) int {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return lineIn(t, string(content), text)
}

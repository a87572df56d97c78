package ginkgopytest_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	. "github.com/onsi/gomega"
)

// goTest runs the nested suite as a user does, with no report folder and no -count.
func goTest(t *testing.T, dir string) (string, error) {
	t.Helper()
	command := exec.Command("go", "test", "./testdata/nested")
	command.Env = append(os.Environ(), "NESTED_PYTHON="+project(t, "outcomes", "0").Python,
		"NESTED_PROJECT="+dir, "NESTED_WORKERS=0", "PYTHONDONTWRITEBYTECODE=1")
	output, err := command.CombinedOutput()
	return string(output), err
}

func TestGoTestAnswersFromPytestAndNotFromItsCache(t *testing.T) {
	t.Parallel()
	for name, dir := range map[string]string{
		"outside the module": t.TempDir(),
		"inside the module":  folderInModule(t),
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			test := filepath.Join(dir, "test_it.py")
			g.Expect(os.WriteFile(test, []byte("def test_it(): assert True\n"), 0o644)).To(Succeed())
			output, err := goTest(t, dir)
			g.Expect(err).NotTo(HaveOccurred(), output)

			g.Expect(os.WriteFile(test, []byte("def test_it(): assert False\n"), 0o644)).To(Succeed())
			output, err = goTest(t, dir)

			g.Expect(err).To(HaveOccurred(), output)
			g.Expect(output).To(ContainSubstring("1 Failed"))
		})
	}
}

func TestGoTestRunsPytestAgainAlthoughNothingChanged(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	dir := t.TempDir()
	counter := filepath.Join(t.TempDir(), "runs")
	text := "def test_it(): open(" + `"` + counter + `"` + ", 'a').write('x')\n"
	g.Expect(os.WriteFile(filepath.Join(dir, "test_it.py"), []byte(text), 0o644)).To(Succeed())

	for range 2 {
		output, err := goTest(t, dir)
		g.Expect(err).NotTo(HaveOccurred(), output)
		g.Expect(output).NotTo(ContainSubstring("(cached)"))
	}

	g.Expect(os.ReadFile(counter)).To(BeEquivalentTo("xx"))
}

// folderInModule is a folder below the package, as a user's tests are.
func folderInModule(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("testdata", "cached-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	absolute, err := filepath.Abs(dir)
	if err != nil {
		t.Fatal(err)
	}
	return absolute
}

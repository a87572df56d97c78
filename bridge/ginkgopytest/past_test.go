package ginkgopytest_test

import (
	"os"
	"path/filepath"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/history"
)

// moody is a project of one test that fails while a file is there.
func moody(t *testing.T) (suite *nestedSuite, mood string) {
	t.Helper()
	g := NewWithT(t)
	dir := t.TempDir()
	mood = filepath.Join(t.TempDir(), "mood")
	test := "import os\n\n\ndef test_moody():\n    assert not os.path.exists(" + `"` + mood + `"` + ")\n\n\ndef test_calm():\n    pass\n"
	g.Expect(os.WriteFile(filepath.Join(dir, "test_mood.py"), []byte(test), 0o644)).To(Succeed())
	g.Expect(os.WriteFile(filepath.Join(dir, "pytest.ini"), []byte("[pytest]\n"), 0o644)).To(Succeed())
	suite = nest(t, "ends")
	suite.set("NESTED_PROJECT", dir)
	suite.set("NESTED_WORKERS", "0")
	return suite, mood
}

func readText(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	return string(text)
}

func TestRunsRememberAndAFlakyTestCanFailThem(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	suite, mood := moody(t)
	suite.set("NESTED_FAIL_ON_FLAKY", "yes")
	runs := suite.report
	suite.set("NESTED_RUN_ID", "one")
	outcome := suite.run()
	g.Expect(outcome.code).To(BeZero(), outcome.output)

	g.Expect(os.WriteFile(mood, nil, 0o644)).To(Succeed())
	suite.set("NESTED_RUN_ID", "two")
	g.Expect(suite.run().code).NotTo(BeZero())
	summary := readText(t, filepath.Join(runs, "two", "summary.md"))
	g.Expect(summary).To(And(ContainSubstring("## History"), ContainSubstring("| `.F` | 1 | flaky |"), Not(ContainSubstring("test_calm |"))))
	g.Expect(readText(t, filepath.Join(runs, "two", "timeline.html"))).To(ContainSubstring(`"history":{"test_mood.py::test_moody":{"outcomes":".F","flips":1,"flaky":true}}`))

	g.Expect(os.Remove(mood)).To(Succeed())
	suite.set("NESTED_RUN_ID", "three")
	outcome = suite.run()
	g.Expect(outcome.code).NotTo(BeZero(), "all tests passed, but one is flaky")
	g.Expect(outcome.output).To(And(ContainSubstring("1 flaky: the outcome changed without a change of the source"), ContainSubstring(".F.  test_mood.py::test_moody")))

	index, err := history.Read(runs)
	g.Expect(err).NotTo(HaveOccurred())
	calm, _ := index.Past("test_mood.py::test_calm")
	g.Expect(calm.Outcomes).To(Equal("..."))
	run, err := events.Read(filepath.Join(runs, "three", "events.jsonl"))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(run.Tree).NotTo(BeEmpty())
	g.Expect(run.Clock.Host).NotTo(BeEmpty())
	g.Expect(index.Runs[2].Outcome).To(Equal(events.Failed))
}

func TestARunRemovesWhatItsSuiteDoesNotKeep(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	suite, _ := moody(t)
	suite.set("NESTED_KEEP_RUNS", "1")
	for _, id := range []string{"one", "two"} {
		suite.set("NESTED_RUN_ID", id)
		outcome := suite.run()
		g.Expect(outcome.code).To(BeZero(), outcome.output)
	}
	g.Expect(filepath.Join(suite.report, "one")).NotTo(BeADirectory())
	g.Expect(filepath.Join(suite.report, "two", "summary.md")).To(BeARegularFile())
}

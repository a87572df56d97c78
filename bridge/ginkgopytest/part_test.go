package ginkgopytest_test

import (
	"os"
	"path/filepath"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/rerun"
)

func logIn(t *testing.T, dir string) *events.Run {
	t.Helper()
	run, err := events.Read(filepath.Join(dir, "events.jsonl"))
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	return run
}

func TestShardsOfASuiteRunEachTestOnce(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	suite, _ := moody(t)
	runs, seen := suite.report, []string{}
	for _, shard := range []string{"1/3", "2/3", "3/3"} {
		suite.set("GINKGOPYTEST_SHARD", shard)
		suite.report = filepath.Join(runs, shard[:1])
		suite.set("NESTED_REPORT", suite.report)
		outcome := suite.run()
		g.Expect(outcome.code).To(BeZero(), outcome.output)
		run := logIn(t, suite.report)
		g.Expect(run.Selection.Shard).To(Equal(shard))
		g.Expect(run.Selection.Tests).To(ConsistOf("test_mood.py::test_moody", "test_mood.py::test_calm"))
		for _, test := range run.Tests {
			seen = append(seen, test.NodeID)
		}
		g.Expect(run.Outcome).To(Equal(events.Passed), "also of a shard without a test")
	}
	g.Expect(seen).To(ConsistOf("test_mood.py::test_moody", "test_mood.py::test_calm"))
}

func TestAWrongShardFailsTheSuiteWithOneSentence(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	suite, _ := moody(t)
	suite.set("GINKGOPYTEST_SHARD", "3/2")
	outcome := suite.run()
	g.Expect(outcome.code).NotTo(BeZero())
	g.Expect(outcome.output).To(ContainSubstring("GINKGOPYTEST_SHARD: shard 3/2: of 2 parts the first is 1 and the last 2"))
}

func TestARunGoesOnWithAnEarlierOne(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	suite, _ := moody(t)
	earlier := filepath.Join(t.TempDir(), "earlier.json")
	g.Expect(os.WriteFile(earlier, []byte(`["test_mood.py::test_calm"]`), 0o644)).To(Succeed())
	suite.set("GINKGOPYTEST_EARLIER", earlier)
	outcome := suite.run()
	g.Expect(outcome.code).To(BeZero(), outcome.output)
	run := logIn(t, suite.report)
	g.Expect(run.Collected).To(Equal([]string{"test_mood.py::test_moody"}))
	g.Expect(rerun.Of(run).Done).To(Equal([]string{"test_mood.py::test_calm", "test_mood.py::test_moody"}))
}

func TestAQuarantinedFailureFailsNeitherPytestNorTheSuite(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	suite, _ := moody(t)
	dir := t.TempDir()
	suite.set("NESTED_PROJECT", dir)
	write := func(until string) {
		text := "import pytest\n\n\n@pytest.mark.quarantine(reason=\"races\", until=\"" + until + "\")\ndef test_it():\n    assert not 1\n"
		g.Expect(os.WriteFile(filepath.Join(dir, "test_q.py"), []byte(text), 0o644)).To(Succeed())
	}
	write("9999-12-31")
	outcome := suite.run()
	g.Expect(outcome.code).To(BeZero(), outcome.output)
	run := logIn(t, suite.report)
	g.Expect(run.Test("test_q.py::test_it").Outcome).To(Equal(events.XFailed))
	g.Expect(*run.Session.ExitStatus).To(BeZero())
	g.Expect(run.Spec("test_q.py::test_it").Labels).To(ContainElement("quarantine"))

	write("2020-02-29")
	outcome = suite.run()
	g.Expect(outcome.code).NotTo(BeZero())
	g.Expect(outcome.output).To(ContainSubstring("quarantine ended on 2020-02-29 (races): mend the test"))
}

package ginkgopytest_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/onsi/ginkgo/v2/types"
	. "github.com/onsi/gomega"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/report"
)

// hooked is a suite of two tests that pass, whose hooks take notes.
func hooked(t *testing.T) (*nestedSuite, string) {
	t.Helper()
	suite, path := nest(t, "ends"), filepath.Join(t.TempDir(), "notes")
	suite.set("NESTED_NOTES", path)
	return suite, path
}

func lines(t *testing.T, path string) []string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSpace(string(text)), "\n")
}

// reported is the log of a report folder, which has reports that agree with it.
func reported(t *testing.T, dir string) (*events.Run, types.Report) {
	t.Helper()
	run, err := events.Read(filepath.Join(dir, "events.jsonl"))
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	for _, name := range report.Files {
		NewWithT(t).Expect(filepath.Join(dir, name)).To(BeARegularFile())
	}
	return run, report.Build(run)
}

// reasons are the messages of a report's failures.
func reasons(made types.Report) string {
	var found []string
	for _, node := range made.SpecReports.WithState(types.SpecStateFailureStates) {
		found = append(found, node.Failure.Message)
	}
	return strings.Join(found, "\n")
}

func TestHooksRunInTheOrderOfTheLifeCycle(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	suite, notes := hooked(t)
	outcome := suite.run()
	g.Expect(outcome.code).To(BeZero(), outcome.output)
	g.Expect(lines(t, notes)).To(Equal([]string{"prepare report", "check 2 passed, 0 failed", "clean up", "finish 2 specs"}))
	run, _ := reported(t, suite.report)
	g.Expect(run.Outcome).To(Equal(events.Passed))
	steps := map[string]string{}
	for _, span := range run.Spans {
		g.Expect(span.Finish).NotTo(BeZero(), span.Name)
		steps[span.Name] = span.Lane
	}
	g.Expect(steps).To(Equal(map[string]string{
		"collect the Python tests": "suite", "start": "database", "run pytest": "suite",
	}))
}

func TestAViolationFailsTheSuiteButNoSpec(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	suite, _ := hooked(t)
	suite.set("NESTED_VIOLATIONS", "leak-of-a-token somebody-else-seeds")
	outcome := suite.run()
	g.Expect(outcome.code).To(Equal(1))
	g.Expect(outcome.states()).To(HaveLen(2))
	g.Expect(outcome.states()).To(HaveEach(types.SpecStatePassed))
	g.Expect(outcome.output).To(And(ContainSubstring("leak-of-a-token"), ContainSubstring("somebody-else-seeds")))
	run, made := reported(t, suite.report)
	g.Expect(run.Outcome).To(Equal(events.Failed))
	g.Expect(reasons(made)).To(And(ContainSubstring("leak-of-a-token"), ContainSubstring("somebody-else-seeds")))
}

func TestASuiteThatCannotBePreparedLeavesReports(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	suite, notes := hooked(t)
	suite.set("NESTED_PREPARE_FAILS", "no-database")
	outcome := suite.run()
	g.Expect(outcome.code).To(Equal(1))
	g.Expect(lines(t, notes)).To(Equal([]string{"prepare report", "check without pytest", "clean up", "finish 0 specs"}))
	run, made := reported(t, suite.report)
	g.Expect(run.Outcome).To(Equal(events.Failed))
	g.Expect(run.Tests).To(BeEmpty())
	g.Expect(reasons(made)).To(ContainSubstring("no-database"))
	for _, span := range run.Spans {
		if span.Lane == "seed" {
			g.Expect(span.Message).To(Equal("no-database"))
		}
	}
}

func TestAnErrorOfTheLastHookFailsTheSuite(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	suite, _ := hooked(t)
	suite.set("NESTED_FINISH_FAILS", "no-figures")
	outcome := suite.run()
	g.Expect(outcome.code).To(Equal(1))
	g.Expect(outcome.output).To(ContainSubstring("no-figures"))
	run, made := reported(t, suite.report)
	g.Expect(run.Outcome).To(Equal(events.Failed))
	g.Expect(reasons(made)).To(ContainSubstring("no-figures"))
}

func TestPytestThatFailsWithoutAFailedTestFailsTheSuite(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	suite, _ := hooked(t)
	suite.set("EXIT_STATUS", "1")
	outcome := suite.run()
	g.Expect(outcome.code).To(Equal(1))
	g.Expect(outcome.states()).To(HaveEach(types.SpecStatePassed))
	run, made := reported(t, suite.report)
	g.Expect(run.Outcome).To(Equal(events.Failed))
	g.Expect(reasons(made)).To(ContainSubstring("although no test failed"))
}

func TestWhatCannotBeCollectedIsReportedWithoutAnyPreparation(t *testing.T) {
	t.Parallel()
	for name, filter := range map[string]string{"shown": "-ginkgo.seed=1", "hidden by a filter": "-ginkgo.focus=elsewhere"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			suite := nest(t, "conftest")
			notes := filepath.Join(t.TempDir(), "notes")
			suite.set("NESTED_NOTES", notes)
			outcome := suite.run(filter)
			g.Expect(outcome.code).To(Equal(1))
			g.Expect(lines(t, notes)).To(Equal([]string{"finish 1 specs"}))
			run, made := reported(t, suite.report)
			g.Expect(run.Outcome).To(Equal(events.Failed))
			g.Expect(reasons(made)).To(ContainSubstring("no_such_module"))
		})
	}
}

func TestAnInterruptedSuiteIsCheckedAndReported(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	suite := startHanging(t)
	suite.interrupt()
	g.Expect(suite.end().code).To(Equal(1))
	run, _ := reported(t, suite.report)
	g.Expect(run.Outcome).To(Equal("interrupted"))
}

func TestEachRunHasAFolderAndLatestLeadsToTheNewest(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	suite, _ := hooked(t)
	home := suite.report
	for _, id := range []string{"first", "second"} {
		suite.set("NESTED_RUN_ID", id)
		outcome := suite.run()
		g.Expect(outcome.code).To(BeZero(), outcome.output)
		run, _ := reported(t, filepath.Join(home, id))
		g.Expect(run.RunID).To(Equal(id))
		g.Expect(os.Readlink(filepath.Join(home, "latest"))).To(Equal(id))
	}
	entries, err := os.ReadDir(home)
	g.Expect(err).NotTo(HaveOccurred())
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	g.Expect(names).To(ConsistOf("first", "second", "latest", "index.json", ".index.lock"))
}

func TestARunIDIsUsedOnce(t *testing.T) {
	t.Parallel()
	for id, reason := range map[string]string{
		"taken": "run id taken has been used", "../elsewhere": "does not name a folder", "latest": "does not name a folder",
	} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			suite, _ := hooked(t)
			log := filepath.Join(suite.report, "taken", "events.jsonl")
			g.Expect(os.MkdirAll(filepath.Dir(log), 0o755)).To(Succeed())
			g.Expect(os.WriteFile(log, []byte("{}\n"), 0o644)).To(Succeed())
			suite.set("NESTED_RUN_ID", id)
			outcome := suite.run()
			g.Expect(outcome.code).To(Equal(1))
			g.Expect(outcome.output).To(ContainSubstring(reason))
			g.Expect(os.ReadFile(log)).To(Equal([]byte("{}\n")))
		})
	}
}

func TestASuiteOfGoSpecsHasTheSameLifeCycle(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	suite, notes := hooked(t)
	suite.set("NESTED_PROJECT", "")
	suite.set("NESTED_GO_SPECS", "yes")
	outcome := suite.run()
	g.Expect(outcome.code).To(BeZero(), outcome.output)
	g.Expect(lines(t, notes)).To(Equal([]string{"prepare report", "spec", "check without pytest", "clean up", "finish 1 specs"}))
	run, made := reported(t, suite.report)
	g.Expect(run.Outcome).To(Equal(events.Passed))
	g.Expect(made.SpecReports.WithLeafNodeType(types.NodeTypeIt)).To(HaveLen(1))
}

func TestGoSpecsBesideAreReportedWithThePythonTests(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	suite, _ := hooked(t)
	suite.set("NESTED_GO_SPECS", "yes")
	outcome := suite.run("-ginkgo.focus=Go")
	g.Expect(outcome.code).To(BeZero(), outcome.output)
	g.Expect(outcome.ran()).To(Equal([]string{"Go passes"}))
	run, _ := reported(t, suite.report)
	g.Expect(run.Outcome).To(Equal(events.Passed))
	g.Expect(run.Tests).To(BeEmpty())
}

func TestGitHubIsTold(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	suite, _ := hooked(t)
	summary := filepath.Join(t.TempDir(), "summary.md")
	suite.set("GITHUB_ACTIONS", "true")
	suite.set("GITHUB_STEP_SUMMARY", summary)
	suite.set("NESTED_VIOLATIONS", "leak-of-a-token")
	outcome := suite.run()
	g.Expect(outcome.output).To(MatchRegexp(`(?m)^::error .*leak-of-a-token`))
	g.Expect(strings.Join(lines(t, summary), "\n")).To(ContainSubstring("leak-of-a-token"))
}

package ginkgopytest_test

import (
	"os"
	"path/filepath"
	"testing"

	. "github.com/onsi/gomega"
)

func TestASuiteThatRunsNothingFailsAndSaysWhatWasMeant(t *testing.T) {
	t.Parallel()
	for name, tried := range map[string]struct {
		flag, said string
	}{
		"a focus that matches nothing":   {"-ginkgo.focus=test_pss", `outcomes.py test_pass"`},
		"a label that nothing has":       {"-ginkgo.label-filter=slwo", "correct the filter, or set AllowEmpty"},
		"a line without a definition":    {"-ginkgo.focus-file=test_outcomes.py:1", "test_outcomes.py:"},
		"a dry run of what matches none": {"-ginkgo.dry-run -ginkgo.focus=test_pss", "no spec is left"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			outcome := nest(t, "outcomes").run(flags(tried.flag)...)
			g.Expect(outcome.code).NotTo(BeZero(), outcome.output)
			g.Expect(outcome.output).To(ContainSubstring(tried.said))
			g.Expect(outcome.output).NotTo(ContainSubstring("SUCCESS!"))
		})
	}
}

func TestAFolderWithoutTestsFailsTheSuite(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	suite := nest(t, "outcomes")
	empty := t.TempDir()
	suite.set("NESTED_PROJECT", empty)

	outcome := suite.run()

	g.Expect(outcome.code).NotTo(BeZero(), outcome.output)
	g.Expect(outcome.output).To(ContainSubstring("found no test in " + empty))
}

func TestAFolderThatIsNotThereFailsTheSuite(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	suite := nest(t, "outcomes")
	suite.set("NESTED_PROJECT", filepath.Join(t.TempDir(), "misspelt"))

	outcome := suite.run()

	g.Expect(outcome.code).NotTo(BeZero(), outcome.output)
	g.Expect(outcome.output).To(ContainSubstring("misspelt"))
}

func TestAnEmptySuitePassesWhereItMay(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	suite := nest(t, "outcomes")
	suite.set("NESTED_PROJECT", t.TempDir())
	suite.set("NESTED_ALLOW_EMPTY", "yes")

	outcome := suite.run()

	g.Expect(outcome.code).To(BeZero(), outcome.output)
}

func TestGinkgosCommandLineIsToldThatItDropsItsFlags(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	ginkgo := filepath.Join(t.TempDir(), "ginkgo")
	g.Expect(goCommand(t, "build", "-o", ginkgo, "github.com/onsi/ginkgo/v2/ginkgo")).To(BeEmpty())
	suite := nest(t, "outcomes")

	command := suite.command()
	command.Path, command.Args, command.Dir = ginkgo, []string{ginkgo, "--dry-run", "./testdata/plain"}, ""
	output, err := command.CombinedOutput()

	g.Expect(err).To(HaveOccurred(), string(output))
	g.Expect(string(output)).To(ContainSubstring(`add ` + "`" + `import _ "github.com/onsi/ginkgo/v2"` + "`" + ` to plain_test.go`))
	g.Expect(filepath.Join(suite.report, "events.jsonl")).NotTo(BeAnExistingFile())
}

func TestAnUnrecognisedSuiteIsFineUnderGoTest(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	suite := nest(t, "outcomes")
	project := t.TempDir()
	g.Expect(os.WriteFile(filepath.Join(project, "test_it.py"), []byte("def test_it(): pass\n"), 0o644)).To(Succeed())
	suite.set("NESTED_PROJECT", project)

	command := suite.command()
	command.Path, command.Args, command.Dir = goPath(t), []string{"go", "test", "./testdata/plain"}, ""
	output, err := command.CombinedOutput()

	g.Expect(err).NotTo(HaveOccurred(), string(output))
}

package ginkgopytest_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/onsi/ginkgo/v2/types"
	. "github.com/onsi/gomega"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
)

func TestEachPythonTestIsASpec(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	suite := nest(t, "outcomes")
	path := filepath.Join(suite.project, "tests", "test_outcomes.py")
	outcome := suite.run()
	g.Expect(outcome.code).To(Equal(1))
	g.Expect(outcome.specs).To(HaveLen(9))
	g.Expect(outcome.states()).To(And(
		HaveKeyWithValue("tests test_outcomes.py TestGroup test_inside", types.SpecStatePassed),
		HaveKeyWithValue("tests test_outcomes.py test_xfail", types.SpecStatePassed),
		HaveKeyWithValue("tests test_outcomes.py test_skip", types.SpecStateSkipped),
		HaveKeyWithValue("tests test_outcomes.py test_teardown", types.SpecStateFailed),
	))
	failed := outcome.specs["tests test_outcomes.py test_fail"]
	g.Expect(failed.LeafNodeLocation.FileName).To(Equal(path))
	g.Expect(failed.LeafNodeLocation.LineNumber).To(Equal(lineOf(t, path, "def test_fail")))
	place := types.CodeLocation{FileName: path, LineNumber: lineOf(t, path, `assert len("one")`)}
	g.Expect(failed.Failure.Message).To(HavePrefix("failed at " + place.String()))
	g.Expect(failed.Failure.Message).To(And(ContainSubstring("lengths differ"), ContainSubstring("printed by the test")))
	both := outcome.specs["tests test_outcomes.py test_both"]
	g.Expect(both.Failure.Message).To(And(ContainSubstring("call broke"), ContainSubstring("teardown broke")))

	run, err := events.Read(filepath.Join(suite.report, "events.jsonl"))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(run.Outcome).To(Equal("failed"))
	g.Expect(slices.DeleteFunc(run.Specs, func(spec *events.Spec) bool { return spec.Node != "" })).To(HaveLen(9))
	g.Expect(filepath.Join(suite.report, "report.json")).To(BeARegularFile())
}

func TestTheOutputEndsWithTheFirstFailure(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	suite := nest(t, "outcomes")
	outcome := suite.run()
	lines := strings.Split(strings.TrimSpace(outcome.output), "\n")
	end := strings.Join(lines[max(0, len(lines)-6):], "\n")
	g.Expect(end).To(And(ContainSubstring("timeline: "), ContainSubstring("first failure: tests/test_outcomes.py::")), outcome.output)
	suite.env = append(suite.env, "GINKGOPYTEST_CONCLUDED_ELSEWHERE=true")
	g.Expect(suite.run().output).NotTo(ContainSubstring("first failure: "))
}

func TestMarkersFoldersAndParametersAreKept(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	outcome := nest(t, "folders").run()
	g.Expect(outcome.states()).To(Equal(map[string]types.SpecState{
		"tests one test_same.py test_same":                     types.SpecStatePassed,
		"tests one test_same.py TestGroup test_param[a b]":     types.SpecStatePassed,
		"tests one test_same.py TestGroup test_param[c::d[e]]": types.SpecStatePassed,
		"tests one test_same.py TestGroup test_param[f/g]":     types.SpecStatePassed,
		"tests two test_same.py test_same":                     types.SpecStateFailed,
		"tests two test_same.py test_skip":                     types.SpecStateSkipped,
		"tests two test_same.py test_skipif":                   types.SpecStateSkipped,
		"tests two test_same.py test_norun":                    types.SpecStatePassed,
		"tests two test_same.py test_strict":                   types.SpecStateFailed,
		"tests two test_elsewhere.py is skipped as a module":   types.SpecStateSkipped,
	}))
	g.Expect(outcome.specs["tests one test_same.py test_same"].Labels()).To(ConsistOf("team", "team:payments", "team:a_b _c_"))
	g.Expect(outcome.specs["tests two test_same.py test_skip"].Failure.Message).To(Equal("not here"))
	g.Expect(outcome.specs["tests two test_elsewhere.py is skipped as a module"].Failure.Message).To(Equal("runs elsewhere"))
	g.Expect(outcome.specs["tests two test_same.py test_strict"].Failure.Message).To(ContainSubstring("XPASS(strict)"))
}

func TestFiltersSelectWhatPytestRuns(t *testing.T) {
	t.Parallel()
	for filter, ran := range map[string][]string{
		"-ginkgo.label-filter=team: containsAny payments": {"tests one test_same.py test_same"},
		"-ginkgo.focus=f/g":                        {"tests one test_same.py TestGroup test_param[f/g]"},
		"-ginkgo.skip=TestGroup|two":               {"tests one test_same.py test_same"},
		"-ginkgo.focus-file=one/test_same.py:8-10": {"tests one test_same.py test_same"},
		"-ginkgo.dry-run":                          nil,
	} {
		t.Run(filter, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			suite := nest(t, "folders")
			outcome := suite.run(filter)
			g.Expect(outcome.code).To(BeZero(), outcome.output)
			run, err := events.Read(filepath.Join(suite.report, "events.jsonl"))
			if ran == nil {
				g.Expect(err).To(MatchError(os.ErrNotExist))
				return
			}
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(outcome.ran()).To(ConsistOf(ran))
			g.Expect(run.Tests).To(HaveLen(len(ran)))
		})
	}
}

func TestAnyLineOfATestSelectsIt(t *testing.T) {
	t.Parallel()
	for line, ran := range map[string][]string{
		"26":    {"tests test_outcomes.py test_both"},
		"51":    {"tests test_outcomes.py test_param[a b]", "tests test_outcomes.py test_param[c/d]"},
		"38,58": {"tests test_outcomes.py test_skip", "tests test_outcomes.py TestGroup test_inside"},
		"43-47": {"tests test_outcomes.py test_xfail"},
	} {
		t.Run(line, func(t *testing.T) {
			t.Parallel()
			outcome := nest(t, "outcomes").run("-ginkgo.dry-run", "-ginkgo.focus-file=test_outcomes.py:"+line)
			NewWithT(t).Expect(outcome.ran()).To(ConsistOf(ran), outcome.output)
		})
	}
}

func TestNoFilterHidesACollectionError(t *testing.T) {
	t.Parallel()
	for _, filter := range []string{"-ginkgo.seed=1", "-ginkgo.label-filter=slow", "-ginkgo.focus=test_good"} {
		t.Run(filter, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			outcome := nest(t, "broken").run(filter)
			g.Expect(outcome.code).To(Equal(1))
			g.Expect(outcome.output).To(ContainSubstring("no_such_module"))
			// With workers pytest runs what it could collect, and so does the bridge.
			g.Expect(outcome.specs).To(And(HaveLen(2), HaveKey("pytest collects tests/test_broken.py"), HaveKey("tests test_good.py test_good")))
		})
	}
}

func TestWhatKeepsPytestFromCollectingFailsTheSuite(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ project, args, missing, reason string }{
		"conftest":       {"conftest", "", "", "no_such_module"},
		"usage error":    {"outcomes", "--no-such-option", "", "--no-such-option"},
		"missing plugin": {"outcomes", "", "pytest-ginkgo", "-m pip install pytest-ginkgo"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			suite := nest(t, test.project)
			suite.set("NESTED_ARGS", test.args)
			if test.missing != "" {
				suite.set("NESTED_PYTHON", interpreterWithout(t, test.missing))
			}
			outcome := suite.run()
			g.Expect(outcome.code).To(Equal(1))
			g.Expect(outcome.specs).To(HaveLen(1))
			for _, spec := range outcome.specs {
				g.Expect(spec.State).To(Equal(types.SpecStateFailed))
				g.Expect(spec.Failure.Message).To(ContainSubstring(test.reason))
			}
		})
	}
}

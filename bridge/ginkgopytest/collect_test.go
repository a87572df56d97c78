package ginkgopytest_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest"
)

func lineIn(t *testing.T, content, text string) int {
	t.Helper()
	before, _, found := strings.Cut(content, text)
	if !found {
		t.Fatalf("%q not found", text)
	}
	return strings.Count(before, "\n") + 1
}

func TestCollectDescribesEachTest(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	suite := project(t, "outcomes", "0")
	collection := collect(t, suite)
	g.Expect(collection.Errors).To(BeEmpty())
	g.Expect(collection.Tests).To(HaveLen(9))
	path := filepath.Join(suite.Dir, "tests", "test_outcomes.py")
	g.Expect(collection.Tests).To(ContainElements(
		ginkgopytest.Test{
			NodeID: outcomes + "TestGroup::test_inside", Path: path, Name: "test_inside",
			Line: lineOf(t, path, "def test_inside"), LastLine: lineOf(t, path, "def test_inside") + 1,
			Module: path, Containers: []string{"tests", "test_outcomes.py", "TestGroup"}, Labels: []string{},
		},
		ginkgopytest.Test{
			NodeID: outcomes + "test_param[a b]", Path: path, Name: "test_param[a b]",
			Line: lineOf(t, path, "@pytest.mark.slow"), LastLine: lineOf(t, path, "def test_param") + 2,
			Module: path, Containers: []string{"tests", "test_outcomes.py"}, Labels: []string{"slow"},
		},
	))
}

func TestCollectKeepsErrorsBesideTests(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	collection := collect(t, project(t, "broken", "0"))
	g.Expect(collection.Tests).To(HaveLen(1))
	g.Expect(collection.Errors).To(HaveLen(1))
	g.Expect(collection.Errors[0].NodeID).To(Equal("tests/test_broken.py"))
	g.Expect(collection.Errors[0].Longrepr).To(ContainSubstring("no_such_module"))
}

func TestCollectTellsWhyPytestCollectedNothing(t *testing.T) {
	t.Parallel()
	for name, args := range map[string][]string{
		"absent.py":     {"absent.py"},
		"--no-such-opt": {"--no-such-opt"},
	} {
		suite := project(t, "outcomes", "0")
		suite.Args = args
		_, err := suite.Collect(patient(t))
		NewWithT(t).Expect(err).To(MatchError(ContainSubstring(name)))
	}
	for _, missing := range []string{"pytest-ginkgo", "pytest-xdist"} {
		suite := project(t, "outcomes", "2")
		suite.Python = interpreterWithout(t, missing)
		_, err := suite.Collect(patient(t))
		NewWithT(t).Expect(err).To(MatchError(ContainSubstring(suite.Python + " -m pip install " + missing)))
	}
	suite := project(t, "outcomes", "0")
	suite.Python = filepath.Join(t.TempDir(), "python")
	_, err := suite.Collect(patient(t))
	NewWithT(t).Expect(err).To(MatchError(ContainSubstring("no such file")))
}

func TestAProjectThatTurnsOffThePluginsOfTheBridgeIsCollected(t *testing.T) {
	t.Parallel()
	suite := project(t, "outcomes", "2")
	suite.Args = []string{"-p", "no:ginkgo", "-p", "no:xdist"}
	NewWithT(t).Expect(collect(t, suite).Tests).To(HaveLen(9))
}

func TestCollectAllowsThatEveryTestIsDeselected(t *testing.T) {
	t.Parallel()
	suite := project(t, "outcomes", "0")
	suite.Args = []string{"-k", "nothing_matches"}
	NewWithT(t).Expect(collect(t, suite).Tests).To(BeEmpty())
}

func TestCollectKeepsItsDeadline(t *testing.T) {
	t.Parallel()
	suite := project(t, "hangs", "0")
	suite.Env = append(suite.Env, "STATE_DIR=/nowhere", "HANG_IN_COLLECTION=1")
	suite.CollectTimeout = 2 * time.Second
	_, err := suite.Collect(patient(t))
	NewWithT(t).Expect(err).To(MatchError(context.DeadlineExceeded))
}

func TestARelativeInterpreterIsFoundFromTheFolderOfTheGoTest(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	here, err := filepath.Abs(".")
	g.Expect(err).NotTo(HaveOccurred())
	suite := project(t, "outcomes", "0")
	suite.Python, err = filepath.Rel(here, suite.Python)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(collect(t, suite).Tests).NotTo(BeEmpty())
}

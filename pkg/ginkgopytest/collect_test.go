package ginkgopytest_test

import (
	"path/filepath"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/jordigilh/kubernaut/pkg/ginkgopytest"
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
			Line:       lineOf(t, path, "def test_inside"),
			Containers: []string{"tests/test_outcomes.py", "TestGroup"}, Markers: []string{},
		},
		ginkgopytest.Test{
			NodeID: outcomes + "test_param[a b]", Path: path, Name: "test_param[a b]",
			Line:       lineOf(t, path, "@pytest.mark.slow"),
			Containers: []string{"tests/test_outcomes.py"}, Markers: []string{"slow"},
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
	suite := project(t, "outcomes", "0")
	suite.Python = filepath.Join(t.TempDir(), "python")
	_, err := suite.Collect(patient(t))
	NewWithT(t).Expect(err).To(MatchError(ContainSubstring("no such file")))
}

func TestCollectAllowsThatEveryTestIsDeselected(t *testing.T) {
	t.Parallel()
	suite := project(t, "outcomes", "0")
	suite.Args = []string{"-k", "nothing_matches"}
	NewWithT(t).Expect(collect(t, suite).Tests).To(BeEmpty())
}

package ginkgopytest_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/onsi/ginkgo/v2/types"
	. "github.com/onsi/gomega"
)

// nested runs the suite of testdata/nested for a project and returns its specs
// by text, without the nodes of the suite itself.
func nested(t *testing.T, name string, args ...string) map[string]types.SpecReport {
	t.Helper()
	suite := project(t, name, "2")
	folder := t.TempDir()
	report := filepath.Join(folder, "ginkgo.json")
	args = append([]string{"test", "-count=1", "./testdata/nested", "-ginkgo.json-report=" + report}, args...)
	command := exec.CommandContext(patient(t), "go", args...)
	command.Env = append(os.Environ(), append(suite.Env,
		"PYTHON="+suite.Python, "PROJECT="+suite.Dir, "REPORT_DIR="+filepath.Join(folder, "report"))...)
	output, _ := command.CombinedOutput()
	text, err := os.ReadFile(report)
	if err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	var reports []types.Report
	NewWithT(t).Expect(json.Unmarshal(text, &reports)).To(Succeed())
	specs := map[string]types.SpecReport{}
	for _, spec := range reports[0].SpecReports {
		if spec.LeafNodeType == types.NodeTypeIt {
			specs[spec.FullText()] = spec
		}
	}
	return specs
}

func TestEachPythonTestIsASpec(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	path := filepath.Join(project(t, "outcomes", "2").Dir, "tests", "test_outcomes.py")
	specs := nested(t, "outcomes")
	g.Expect(specs).To(HaveLen(9))
	states := map[string]types.SpecState{}
	for text, spec := range specs {
		states[text] = spec.State
	}
	g.Expect(states).To(HaveKeyWithValue("tests/test_outcomes.py TestGroup test_inside", types.SpecStatePassed))
	g.Expect(states).To(HaveKeyWithValue("tests/test_outcomes.py test_xfail", types.SpecStatePassed))
	g.Expect(states).To(HaveKeyWithValue("tests/test_outcomes.py test_skip", types.SpecStateSkipped))
	g.Expect(states).To(HaveKeyWithValue("tests/test_outcomes.py test_teardown", types.SpecStateFailed))

	failed := specs["tests/test_outcomes.py test_fail"]
	g.Expect(failed.State).To(Equal(types.SpecStateFailed))
	g.Expect(failed.LeafNodeLocation.FileName).To(Equal(path))
	g.Expect(failed.LeafNodeLocation.LineNumber).To(Equal(lineOf(t, path, "def test_fail")))
	place := types.CodeLocation{FileName: path, LineNumber: lineOf(t, path, `assert len("one")`)}
	g.Expect(failed.Failure.Message).To(HavePrefix("failed at " + place.String()))
	g.Expect(failed.Failure.Message).To(ContainSubstring("lengths differ"))
	g.Expect(failed.Failure.Message).To(ContainSubstring("printed by the test"))
}

func TestALabelFilterSelectsWhatPytestRuns(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	specs := nested(t, "outcomes", "-ginkgo.label-filter=slow")
	ran := map[string]types.SpecState{}
	for text, spec := range specs {
		if spec.State != types.SpecStateSkipped {
			ran[text] = spec.State
		}
	}
	g.Expect(ran).To(Equal(map[string]types.SpecState{
		"tests/test_outcomes.py test_param[a b]": types.SpecStatePassed,
		"tests/test_outcomes.py test_param[c/d]": types.SpecStateFailed,
	}))
}

func TestACollectionErrorIsAFailingSpec(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	specs := nested(t, "broken")
	broken := specs["pytest collects tests/test_broken.py"]
	g.Expect(broken.State).To(Equal(types.SpecStateFailed))
	g.Expect(broken.Failure.Message).To(ContainSubstring("no_such_module"))
}

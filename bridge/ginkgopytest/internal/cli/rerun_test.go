package cli_test

import (
	"os"
	"path/filepath"
	"testing"

	. "github.com/onsi/gomega"
)

// suiteOf is a shell script that stands for a suite: it notes what it need not
// run, leaves a run in which a.py::test_a has an outcome, and ends with a code.
func suiteOf(t *testing.T, home, outcome, code string) (script, notes string) {
	t.Helper()
	notes = filepath.Join(t.TempDir(), "notes")
	text := `cat "$GINKGOPYTEST_EARLIER" >> ` + notes + `
n=$(ls -d ` + home + `/r* | wc -l); mkdir ` + home + `/r$n
cat > ` + home + `/r$n/events.jsonl <<END
{"event":"run_start","time":10$n,"schema_version":1}
{"event":"collected","time":10$n,"nodeids":["a.py::test_a"]}
{"event":"test_finish","time":10$n,"nodeid":"a.py::test_a","outcome":"` + outcome + `"}
END
exit ` + code
	path := filepath.Join(t.TempDir(), "suite.sh")
	NewWithT(t).Expect(os.WriteFile(path, []byte(text), 0o755)).To(Succeed())
	return path, notes
}

func TestRerunEndsWhenItIsGreen(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	home := homeOf(t, "failed")
	script, notes := suiteOf(t, home, "passed", "0")
	out, problems, code := run("rerun", home, "/bin/sh", script)
	g.Expect(code).To(BeZero(), problems)
	g.Expect(out).To(Equal("rerun 1 of at most 3, after r0: 1 failed, 0 not run, 0 done\ngreen at rerun 1\n"))
	text, err := os.ReadFile(notes)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(string(text)).To(Equal("[]\n"))
}

func TestRerunStopsAtItsBound(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	home := homeOf(t, "failed")
	script, _ := suiteOf(t, home, "failed", "7")
	out, problems, code := run("rerun", "--tries", "2", filepath.Join(home, "r0"), "/bin/sh", script)
	g.Expect(code).To(Equal(7))
	g.Expect(out).To(ContainSubstring("rerun 2 of at most 2, after r1: 1 failed"))
	g.Expect(problems).To(Equal("ginkgopytest: not green after 2 reruns: 1 failed, 0 not run, 0 done\n"))
}

func TestRerunNamesWhatIsDone(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	home := homeOf(t, "passed")
	script, notes := suiteOf(t, home, "passed", "0")
	_, problems, code := run("rerun", home, "/bin/sh", script)
	g.Expect(code).To(BeZero(), problems)
	text, err := os.ReadFile(notes)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(string(text)).To(Equal(`["a.py::test_a"]` + "\n"))
}

func TestRerunDoesNotRepeatACommandThatLeavesNoRun(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	home := homeOf(t, "failed")
	_, problems, code := run("rerun", home, "/bin/sh", "-c", "exit 3")
	g.Expect(code).To(Equal(3))
	g.Expect(problems).To(ContainSubstring("/bin/sh ended with 3 and left no run in " + home))
	_, problems, code = run("rerun", home, filepath.Join(home, "absent"))
	g.Expect(code).To(Equal(1))
	g.Expect(problems).To(ContainSubstring("absent"))
}

func TestRerunOfALogWithoutAnEventSaysSo(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	_, problems, code := run("rerun", logOf(t, "garbage"), "/bin/true")
	g.Expect(code).To(Equal(1))
	g.Expect(problems).To(ContainSubstring("has no event"))
}

package cli_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/internal/cli"
	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/report"
)

// run is a command line: its output, what it says is wrong, and its exit code.
func run(args ...string) (out, problems string, code int) {
	var output, said strings.Builder
	code = cli.Run(args, &output, &said)
	return output.String(), said.String(), code
}

func TestEachSubCommandHasHelp(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	out, _, code := run("--help")
	g.Expect(code).To(BeZero())
	for _, name := range cli.Names() {
		g.Expect(out).To(ContainSubstring("\n  " + name + " "))
		help, _, code := run(name, "--help")
		g.Expect(code).To(BeZero())
		g.Expect(help).To(ContainSubstring("ginkgopytest " + name))
	}
}

func TestShellsCompleteSubCommands(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		out, _, code := run("completion", shell)
		g.Expect(code).To(BeZero())
		g.Expect(out).To(ContainSubstring("ginkgopytest"), shell)
	}
	out, _, _ := run("__complete", "rep")
	g.Expect(out).To(HavePrefix("report\t"))
}

func TestMisuseIsToldWithTheUsage(t *testing.T) {
	t.Parallel()
	for arguments, usage := range map[string]string{
		"report":          "ginkgopytest report DIR",
		"report a b":      "ginkgopytest report DIR",
		"report --what a": "unknown flag: --what",
		"console a":       "ginkgopytest console EVENTS COMMAND [ARGUMENT...]",
		"unheard-of":      `unknown command "unheard-of"`,
	} {
		t.Run(arguments, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			out, problems, code := run(strings.Fields(arguments)...)
			g.Expect(code).To(Equal(2))
			g.Expect(out).To(BeEmpty())
			g.Expect(problems).To(And(HavePrefix("ginkgopytest: "), ContainSubstring(usage)))
		})
	}
}

func TestReportMakesTheReportsOfAKilledRun(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	dir := logOf(t, runStart, sessionStart, `{"event":"collected","time":12,"nodeids":["a.py::test_a"]}`)
	out, problems, code := run("report", dir)
	g.Expect(code).To(BeZero(), problems)
	g.Expect(out).To(ContainSubstring("end to end: 1 specs, 1 failed\nthe run was cut off"))
	for _, name := range report.Files {
		g.Expect(filepath.Join(dir, name)).To(BeARegularFile())
		g.Expect(out).To(ContainSubstring(filepath.Join(dir, name)))
	}
}

func TestReportSaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	_, problems, code := run("report", t.TempDir())
	g.Expect(code).To(Equal(1))
	g.Expect(problems).To(ContainSubstring("events.jsonl"))
}

func TestConsoleEndsWithTheExitCodeOfItsCommand(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	events := filepath.Join(t.TempDir(), "events.jsonl")
	_, problems, code := run("console", events, "/bin/sh", "-c", "exit 7")
	g.Expect(code).To(Equal(7))
	g.Expect(problems).To(BeEmpty())
	_, problems, code = run("console", events, filepath.Join(t.TempDir(), "absent"))
	g.Expect(code).To(Equal(1))
	g.Expect(problems).To(ContainSubstring("absent"))
}

const (
	runStart     = `{"event":"run_start","time":10,"schema_version":1,"run_id":"r1","suite":"end to end","path":"."}`
	sessionStart = `{"event":"session_start","time":11,"schema_version":1,"workers":2,"rootdir":"/project"}`
)

// logOf is a folder with an event log.
func logOf(t *testing.T, lines ...string) string {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, report.EventsFile)
	NewWithT(t).Expect(os.WriteFile(path, []byte(strings.Join(lines, "\n")+"\n"), 0o644)).To(Succeed())
	return dir
}

// homeOf is a folder of runs of the test a.py::test_a, each with an outcome, on
// one source.
func homeOf(t *testing.T, outcomes ...string) string {
	t.Helper()
	g := NewWithT(t)
	home := t.TempDir()
	for i, outcome := range outcomes {
		dir := filepath.Join(home, fmt.Sprintf("r%d", i))
		g.Expect(os.MkdirAll(dir, 0o755)).To(Succeed())
		log := strings.Join([]string{
			`{"event":"run_start","time":10,"schema_version":1,"run_id":"r","suite":"end to end","tree":"a"}`, sessionStart,
			`{"event":"collected","time":12,"nodeids":["a.py::test_a"]}`,
			`{"event":"test_finish","time":13,"nodeid":"a.py::test_a","outcome":"` + outcome + `"}`,
			`{"event":"session_finish","time":14,"exitstatus":0}`, `{"event":"run_finish","time":15,"outcome":"` + outcome + `"}`, "",
		}, "\n")
		g.Expect(os.WriteFile(filepath.Join(dir, report.EventsFile), []byte(log), 0o644)).To(Succeed())
	}
	return home
}

func TestHistoryShowsOutcomesAndFlakyTests(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	home := homeOf(t, "passed", "failed", "passed")
	out, problems, code := run("history", home)
	g.Expect(code).To(BeZero(), problems)
	g.Expect(out).To(MatchRegexp(`(?m)^\.F\. +2 +0\.000 +0\.000  a\.py::test_a \(flaky\)$`))
	g.Expect(out).To(HaveSuffix("1 tests in 3 runs, 1 flaky\n"))
	out, _, _ = run("history", home, "absent")
	g.Expect(out).To(HaveSuffix("0 tests in 3 runs, 0 flaky\n"))
	out, _, _ = run("history", "--json", "--flaky", home)
	g.Expect(out).To(MatchJSON(`[{"nodeid":"a.py::test_a","outcomes":".F.","flips":2,"flaky":true,"median":0,"last":0}]`))
}

func TestHistoryOfAFolderWithoutARunSaysSo(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	_, problems, code := run("history", t.TempDir())
	g.Expect(code).To(Equal(1))
	g.Expect(problems).To(ContainSubstring("has no run"))
}

func TestPruneNeedsALimitAndNamesWhatItRemoves(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	home := homeOf(t, "passed", "passed")
	for _, arguments := range [][]string{{}, {"--runs", "-1"}, {"--runs", "x"}} {
		_, problems, code := run(append([]string{"prune", home}, arguments...)...)
		g.Expect(code).To(Equal(2))
		g.Expect(problems).To(ContainSubstring("--runs"))
	}
	out, _, code := run("prune", home, "--runs", "1")
	g.Expect(code).To(BeZero())
	g.Expect(out).To(Equal("removed " + filepath.Join(home, "r0") + "\n"))
}

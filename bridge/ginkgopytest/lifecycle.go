package ginkgopytest

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/types"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/report"
)

// reportNode is the name of the node that ends a suite.
const reportNode = "end of the run"

// lifecycle is what every suite has: the event log, the hooks and the reports.
// It lives in one Ginkgo process; hooks run on process 1.
type lifecycle struct {
	description string
	reports     Reports
	hooks       Hooks
	begin       time.Time
	// tree is the fingerprint of the source.
	tree func() string
	// journal is nil as long as there is no log.
	journal *Journal

	unchecked  bool
	violations []string
	// concluded is what is said last; empty on processes that make no reports.
	concluded string
}

// open begins the event log, on process 1.
func (l *lifecycle) open() error {
	dir, err := l.reports.folder()
	if err != nil {
		return fmt.Errorf("report folder: %w", err)
	}
	if err := l.attach(dir); err != nil {
		return err
	}
	suiteDir, err := os.Getwd()
	if err != nil {
		return err
	}
	return l.journal.log.Append(l.runStart(suiteDir))
}

// attach goes on with the log of a report folder.
func (l *lifecycle) attach(dir string) error {
	log, err := events.Open(filepath.Join(dir, eventsFile))
	if err == nil {
		l.journal = &Journal{Dir: dir, RunID: filepath.Base(dir), log: log}
	}
	return err
}

// prepare returns what the hook adds to pytest's environment.
func (l *lifecycle) prepare(ctx ginkgo.SpecContext) []string {
	l.unchecked = l.hooks.Check != nil
	if l.hooks.Prepare == nil {
		return nil
	}
	return l.hooks.Prepare(ctx, l.journal)
}

// handed is what process 1 gives to every process.
type handed struct {
	ReportDir string
	Data      []byte
}

// handOver is the message of process 1.
func (l *lifecycle) handOver() []byte {
	message := handed{ReportDir: l.journal.Dir}
	if l.hooks.HandOver != nil {
		message.Data = l.hooks.HandOver()
	}
	encoded, err := json.Marshal(message)
	if err != nil {
		ginkgo.Fail(err.Error())
	}
	return encoded
}

// receive goes on with the log of process 1, and returns what was handed over.
func (l *lifecycle) receive(encoded []byte) ([]byte, error) {
	var message handed
	if err := json.Unmarshal(encoded, &message); err != nil {
		return nil, err
	}
	if l.journal == nil {
		if err := l.attach(message.ReportDir); err != nil {
			return nil, err
		}
	}
	return message.Data, nil
}

// check asks the hook for the guarantees that do not hold.
func (l *lifecycle) check(ctx ginkgo.SpecContext, tests *Summary) {
	if l.hooks.Check != nil {
		l.violations = append(l.violations, l.hooks.Check(ctx, l.journal, tests)...)
	}
	l.unchecked = false
}

func (l *lifecycle) specStarted(spec types.SpecReport, nodeID string) {
	if l.journal != nil {
		l.journal.append(report.SpecStarted(spec, nodeID))
	}
}

func (l *lifecycle) specEnded(spec types.SpecReport, nodeID string) {
	if l.journal != nil {
		l.journal.append(report.SpecEnded(spec, nodeID, clip(spec.Failure.Message)))
	}
}

// finish ends the log with these problems and its own, makes the reports and
// returns all problems.
func (l *lifecycle) finish(ginkgoReport types.Report, problems []string) []string {
	if l.journal == nil {
		if len(problems) == 0 {
			return nil
		}
		// No node of the suite ran; what failed it is told in reports too.
		if err := l.open(); err != nil {
			return append(problems, err.Error())
		}
	}
	if l.unchecked {
		problems = append(problems, "the suite ended before its checks")
	}
	problems = append(problems, l.violations...)
	if err := l.journal.firstProblem(); err != nil {
		problems = append(problems, err.Error())
	}
	problems = append(problems, l.flaky()...)
	for _, node := range ginkgoReport.SpecReports {
		if node.LeafNodeType != types.NodeTypeIt {
			l.journal.append(report.NodeEnded(node, clip(node.Failure.Message)))
		}
	}
	publish := l.conclude(ginkgoReport, problems)
	if l.hooks.Finish != nil {
		if err := l.hooks.Finish(l.journal, ginkgoReport); err != nil {
			problems = append(problems, err.Error())
			publish = l.conclude(ginkgoReport, problems)
		}
	}
	publish()
	l.prune()
	return problems
}

// sayConclusion comes below what Ginkgo prints, on the process that has the reports.
func (l *lifecycle) sayConclusion(out io.Writer) {
	if l.concluded == "" || os.Getenv(report.ConcludedElsewhere) != "" {
		return
	}
	fmt.Fprint(out, "\n"+l.concluded)
}

// conclude ends the log, makes the reports, and returns what tells GitHub of
// them. What it cannot write can be made again; one report needs the Go tool.
func (l *lifecycle) conclude(ginkgoReport types.Report, problems []string) (publish func()) {
	if len(problems) > 0 {
		l.journal.append(report.SuiteFailed(reportNode, clip(joinProblems(problems)), time.Now()))
	}
	l.journal.append(report.RunEnded(ginkgoReport, len(problems) == 0))
	run, err := report.Read(l.journal.Dir)
	if err != nil {
		fmt.Println(err)
		return func() {}
	}
	if _, err := l.record(run); err != nil {
		fmt.Printf("history of %s: %v\n", l.journal.Dir, err)
	}
	made, err := report.Write(run, l.journal.Dir)
	l.concluded = report.Conclusion(made, l.journal.Dir)
	if err != nil {
		fmt.Printf("reports of %s: %v\n", l.journal.Dir, err)
	}
	return func() {
		if err := report.Publish(run, made, os.Getenv, os.Stdout); err != nil {
			fmt.Println(err)
		}
	}
}

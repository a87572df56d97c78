package holmesgptapi

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest"
)

const (
	bringUpTime = 5 * time.Minute
	tearDown    = time.Minute
)

var (
	tests    *ginkgopytest.Collection
	selection ginkgopytest.Selection
	session  *e2eSession
	pytest   *ginkgopytest.Run
	specs    *journal
)

// shared is what phase 1 hands to every Ginkgo process.
type shared struct {
	ReportDir string            `json:"report_dir"`
	IDs       map[string]string `json:"workflow_ids"`
}

func TestHolmesGPTAPI(t *testing.T) {
	RegisterFailHandler(Fail)
	var err error
	collectBegin = time.Now()
	if tests, err = project.Collect(context.Background()); err != nil {
		t.Fatal(err)
	}
	collectEnd = time.Now()
	tests.Describe(func() *ginkgopytest.Run { return pytest })
	suiteConfig, reporterConfig := GinkgoConfiguration()
	selection = tests.Select(PreviewSpecs(suiteName, suiteConfig, reporterConfig))
	recordSpecs()
	RunSpecs(t, suiteName)
}

// recordSpecs comes after PreviewSpecs, which forgets top-level nodes.
func recordSpecs() {
	ReportBeforeEach(func(spec SpecReport) { specs.specStarted(spec, tests.NodeID(spec)) })
	ReportAfterEach(func(spec SpecReport) { specs.specEnded(spec, tests.NodeID(spec)) })
}

var _ = SynchronizedBeforeSuite(func(ctx SpecContext) []byte {
	if len(selection.Selected) == 0 {
		return encode(shared{})
	}
	var err error
	session, err = newSession()
	must(err)
	DeferCleanup(func(ctx SpecContext) { must(session.end(ctx)) }, NodeTimeout(tearDown))
	must(session.bringUp(ctx))
	must(session.startPytest(selection))
	return encode(shared{ReportDir: session.reportDir, IDs: session.seeded.IDs})
}, func(data []byte) {
	var handed shared
	Expect(json.Unmarshal(data, &handed)).To(Succeed())
	if handed.ReportDir != "" {
		pytest = ginkgopytest.Attach(handed.ReportDir)
		var err error
		specs, err = openJournal(handed.ReportDir)
		must(err)
	}
}, NodeTimeout(bringUpTime))

// The invariants are checked here and not in a spec, so that the number of
// specs stays that of the Python tests.
var _ = ReportAfterSuite("evidence", func(report Report) {
	if report.SuiteConfig.DryRun || session == nil {
		return
	}
	must(session.writeSummary(report))
	violations := session.violations()
	must(session.writeReports(report, violations))
	session.pointOut()
	if len(violations) > 0 {
		Fail("a guarantee of the run does not hold:\n" + joinLines(violations))
	}
})

// must fails with the error's own words, without Gomega's dump of its structure.
func must(err error) {
	GinkgoHelper()
	if err != nil {
		Fail(err.Error())
	}
}

func encode(value shared) []byte {
	data, err := json.Marshal(value)
	Expect(err).NotTo(HaveOccurred())
	return data
}

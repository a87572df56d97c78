package holmesgptapi

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/jordigilh/kubernaut/pkg/ginkgopytest"
)

const (
	bringUpTime = 5 * time.Minute
	tearDown    = time.Minute
)

var (
	tests    *ginkgopytest.Collection
	selected []string
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
	selected = tests.Selected(PreviewSpecs(suiteName, suiteConfig, reporterConfig))
	recordSpecs()
	RunSpecs(t, suiteName)
}

// recordSpecs comes after PreviewSpecs, which forgets top-level nodes.
func recordSpecs() {
	ReportBeforeEach(func(spec SpecReport) { specs.specStarted(spec, tests.NodeID(spec)) })
	ReportAfterEach(func(spec SpecReport) { specs.specEnded(spec, tests.NodeID(spec)) })
}

var _ = SynchronizedBeforeSuite(func(ctx SpecContext) []byte {
	if len(selected) == 0 {
		return encode(shared{})
	}
	var err error
	session, err = newSession()
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(func(ctx SpecContext) {
		Expect(session.end(ctx)).To(Succeed())
	}, NodeTimeout(tearDown))
	Expect(session.bringUp(ctx)).To(Succeed())
	Expect(session.startPytest(selected)).To(Succeed())
	return encode(shared{ReportDir: session.reportDir, IDs: session.seeded.IDs})
}, func(data []byte) {
	var handed shared
	Expect(json.Unmarshal(data, &handed)).To(Succeed())
	if handed.ReportDir != "" {
		pytest = ginkgopytest.Attach(handed.ReportDir)
		var err error
		specs, err = openJournal(handed.ReportDir)
		Expect(err).NotTo(HaveOccurred())
	}
}, NodeTimeout(bringUpTime))

// The invariants are checked here and not in a spec, so that the number of
// specs stays that of the Python tests.
var _ = ReportAfterSuite("evidence", func(report Report) {
	if report.SuiteConfig.DryRun || session == nil {
		return
	}
	Expect(session.writeSummary(report)).To(Succeed())
	violations := session.violations()
	Expect(session.writeReports(report, violations)).To(Succeed())
	session.pointOut()
	if len(violations) > 0 {
		Fail("a guarantee of the run does not hold:\n" + joinLines(violations))
	}
})

func encode(value shared) []byte {
	data, err := json.Marshal(value)
	Expect(err).NotTo(HaveOccurred())
	return data
}

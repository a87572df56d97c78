package timeline

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
)

// hostile is output that tries to leave the element that holds the data.
const hostile = "</script><script>alert(1)</script><!-- <script> & \u2028 \x1b[31mred\x1b[0m"

func failing(longrepr string) *events.Run {
	failed := phase("a", "gw0", "call", events.Failed, 1, 1)
	failed.LongRepr = longrepr
	failed.Sections = [][2]string{{"Captured stdout call", longrepr}}
	return join(session(), up("gw0", 0), start("a", "gw0", 1), failed,
		phase("a", "gw0", "teardown", events.Passed, 2, 0.1), finish("a", events.Failed, 2.1), finished(3, 1))
}

func written(t *testing.T, run *events.Run) string {
	t.Helper()
	g := NewWithT(t)
	path := filepath.Join(t.TempDir(), "timeline.html")
	g.Expect(Build(run).Write(path)).To(Succeed())
	text, err := os.ReadFile(path)
	g.Expect(err).NotTo(HaveOccurred())
	return string(text)
}

func TestNoOutputOfATestBreaksOutOfTheData(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	text := written(t, failing(hostile))
	g.Expect(strings.Count(text, "<script")).To(Equal(2), "the data and the script, nothing else")
	g.Expect(text).NotTo(ContainSubstring("<!--"))
	data := regexp.MustCompile(`<script id="data" type="application/json">(.*)</script>`).FindStringSubmatch(text)
	g.Expect(data).To(HaveLen(2))
	var doc Document
	g.Expect(json.Unmarshal([]byte(data[1]), &doc)).To(Succeed())
	g.Expect(doc.Bars[0].Reports[0][1]).To(Equal(hostile))
	g.Expect(doc.Bars[0].Output[0][1]).To(Equal(hostile))
}

func TestANameOfASuiteIsText(t *testing.T) {
	t.Parallel()
	run := join(events.Event{Event: events.RunStart, Suite: `<img src=x onerror="alert(1)">`})
	NewWithT(t).Expect(written(t, run)).To(And(Not(ContainSubstring("<img")), ContainSubstring("&lt;img")))
}

func TestThePolicyAllowsThePagesOwnStyleAndScriptOnly(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	text := written(t, failing("E no"))
	style := regexp.MustCompile(`(?s)<style>(.*)</style>`).FindStringSubmatch(text)
	script := regexp.MustCompile(`(?s)<script>(.*)</script>`).FindStringSubmatch(text)
	g.Expect(text).To(ContainSubstring(`content="` + policy(style[1], script[1]) + `"`))
	g.Expect(policy("", "")).To(And(HavePrefix("default-src 'none';"), Not(ContainSubstring("unsafe"))))
	for _, external := range []string{"http://", "https://", "@import", "url(", "fetch(", "XMLHttpRequest", "import("} {
		g.Expect(text).NotTo(ContainSubstring(external))
	}
}

func TestEveryModuleIsInTheBundle(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	bundle, err := page.ReadFile("page/bundle.js")
	g.Expect(err).NotTo(HaveOccurred())
	modules, err := filepath.Glob("page/*.js")
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(len(modules)).To(BeNumerically(">", 15))
	for _, module := range modules {
		if filepath.Base(module) != "bundle.js" {
			g.Expect(string(bundle)).To(ContainSubstring("/"+filepath.ToSlash(module)+"\n"), "run `make generate`, or import the module")
		}
	}
}

func TestWriteLeavesNothingBesideItsTarget(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	folder := t.TempDir()
	g.Expect(Build(failing("E no")).Write(filepath.Join(folder, "timeline.html"))).To(Succeed())
	entries, err := os.ReadDir(folder)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(entries).To(HaveLen(1))
	missing := filepath.Join(folder, "missing", "timeline.html")
	g.Expect(Build(failing("E no")).Write(missing)).To(MatchError(ContainSubstring(missing)))
}

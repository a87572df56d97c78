package stampede

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/jordigilh/kubernaut/test/infrastructure/runs"
	"github.com/jordigilh/kubernaut/test/infrastructure/seed"
	"github.com/jordigilh/kubernaut/test/workflows"
)

// catalogue answers as DataStorage does, and refuses the first request for each workflow.
type catalogue struct {
	mu    sync.Mutex
	posts map[string]int
}

func (c *catalogue) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	var body struct {
		Name string `json:"workflow_name"`
	}
	err := json.NewDecoder(request.Body).Decode(&body)
	c.mu.Lock()
	c.posts[body.Name]++
	first := c.posts[body.Name] == 1
	c.mu.Unlock()
	if first || err != nil || request.Header.Get("Authorization") != "Bearer secret" {
		http.Error(w, "not now", http.StatusServiceUnavailable)
		return
	}
	_ = json.NewEncoder(w).Encode(map[string]string{"workflow_id": "id of " + body.Name})
}

func TestNaiveSuiteSendsEveryWorkflowFromEveryWorker(t *testing.T) {
	for _, behaviour := range []Load{inTurn, atOnce} {
		t.Run(behaviour.Name, func(t *testing.T) {
			g := NewWithT(t)
			served := &catalogue{posts: map[string]int{}}
			server := httptest.NewServer(served)
			t.Cleanup(server.Close)
			token := filepath.Join(t.TempDir(), "token")
			g.Expect(os.WriteFile(token, []byte("secret\n"), 0o600)).To(Succeed())
			all, err := workflows.All()
			g.Expect(err).NotTo(HaveOccurred())
			bodies, err := seed.Bodies(all)
			g.Expect(err).NotTo(HaveOccurred())

			seen, err := naiveSuite(t).send(t.Context(), callerPlan{URL: server.URL, TokenFile: token, AtOnce: behaviour.AtOnce,
				TimeoutSeconds: generous.Seconds(), Attempts: 2, Workflows: bodies})

			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(seen.passed).To(Equal(Workers))
			g.Expect(served.posts).To(HaveLen(workflowCount))
			for name, posts := range served.posts {
				g.Expect(posts).To(Equal(Workers+1), name)
			}
		})
	}
}

func TestPytestThatEndsEarlyIsTheReason(t *testing.T) {
	g := NewWithT(t)
	suite := naiveSuite(t)
	suite.suite = t.TempDir()

	_, err := suite.send(t.Context(), callerPlan{})

	g.Expect(err).To(MatchError(And(ContainSubstring("0 of 11 workers came"), ContainSubstring("unrecognized arguments"))))
}

func TestFailedTestsAreNotCountedAsPassed(t *testing.T) {
	g := NewWithT(t)
	path := filepath.Join(t.TempDir(), "junit.xml")
	g.Expect(os.WriteFile(path, []byte(`<testsuites><testsuite tests="11" failures="3" errors="1" skipped="2"/></testsuites>`),
		0o600)).To(Succeed())

	g.Expect(passedTests(path)).To(Equal(5))
	_, err := passedTests(path + ".absent")
	g.Expect(err).To(MatchError(ContainSubstring("no report")))
}

func naiveSuite(t *testing.T) pytest {
	t.Helper()
	g := NewWithT(t)
	root, err := filepath.Abs(filepath.Join("..", ".."))
	g.Expect(err).NotTo(HaveOccurred())
	run, err := runs.New()
	g.Expect(err).NotTo(HaveOccurred())
	t.Cleanup(func() { g.Expect(run.Release()).To(Succeed()) })
	return pytest{python: filepath.Join(root, ".venv-e2e", "bin", "python"), dir: t.TempDir(), runID: run.ID,
		suite: filepath.Join(root, "test", "stampede", "naive")}
}

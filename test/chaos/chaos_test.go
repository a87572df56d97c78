package chaos

import (
	"cmp"
	"context"
	"encoding/json"
	"flag"
	"net/http"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/jordigilh/kubernaut/test/infrastructure/leak"
	"github.com/jordigilh/kubernaut/test/infrastructure/parts"
	"github.com/jordigilh/kubernaut/test/infrastructure/runs"
	"github.com/jordigilh/kubernaut/test/infrastructure/stack"
)

const (
	yesTTL        = 3 * time.Second
	reviewTimeout = time.Second
	// reserve is for the request itself on a busy machine.
	reserve = 5 * time.Second
	// readinessDelay is the longest that kube-auth takes to notice, its self-review included.
	readinessDelay = 7 * time.Second
	probe          = "/api/v1/workflows?limit=1"
)

var python = flag.String("python", "", "interpreter of DataStorage, by its absolute path; default: .venv")

// fault is broken by begin and mended by end. A Retry-After of the API
// server's own is what callers are told at least.
type fault struct {
	name       string
	begin, end func(*testing.T)
	retryAfter int
}

func TestFaultsOfTheAPIServer(t *testing.T) {
	w := newWorld(t)
	var writers []*writer
	for _, f := range []fault{
		{name: "stopped", begin: w.stop, end: w.start},
		{name: "slow", begin: w.poison("latency", `{"latency": 5000}`), end: w.cleanse},
		{name: "silent", begin: w.poison("timeout", `{"timeout": 0}`), end: w.cleanse},
		{name: "resetting", begin: w.poison("reset_peer", `{"timeout": 0}`), end: w.cleanse},
		{name: "throttling", begin: w.answer(http.StatusTooManyRequests, "7"), end: w.recover, retryAfter: 7},
		{name: "failing", begin: w.answer(http.StatusInternalServerError, ""), end: w.recover},
	} {
		t.Run(f.name, func(t *testing.T) { writers = append(writers, w.suffer(t, f)) })
	}
	t.Run("nothing acknowledged is lost", func(t *testing.T) {
		token := w.newToken(t)
		for _, writer := range writers {
			writer.verify(t, token)
		}
	})
	t.Run("nothing secret is logged", func(t *testing.T) {
		NewWithT(t).Expect(leak.Find(w.stack.LogDir, append(w.tokens, secretBody)...)).To(BeEmpty())
	})
}

// suffer takes one fault from before it begins until after it has ended.
func (w *world) suffer(t *testing.T, f fault) *writer {
	g := NewWithT(t)
	known := w.newToken(t)
	writer := startWriter(t, w, f.name, known)
	defer writer.stop()
	g.Eventually(func() int { return writer.count(http.StatusCreated) }, reserve).Should(BeNumerically(">", 0))
	known = w.newToken(t)
	primed, err := w.get(probe, known)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(primed.status).To(Equal(http.StatusOK), string(primed.body))

	mend := sync.OnceFunc(func() { f.end(t) })
	defer mend()
	f.begin(t)
	before := writer.count(http.StatusCreated)
	w.refuses(t, w.newToken(t), f)
	w.goesOnUntilTheTTL(t, known, primed)
	w.tellsReadiness(t, http.StatusServiceUnavailable)
	g.Eventually(func() int { return writer.count(http.StatusServiceUnavailable) }, yesTTL+reserve).Should(
		BeNumerically(">", 0), "nothing was refused")
	during := writer.count(http.StatusCreated) - before
	mend()
	took := w.recovers(t)
	w.tellsReadiness(t, http.StatusOK)

	g.Expect(writer.stop()).To(Succeed())
	t.Logf("recovered after %s; %d writes acknowledged, %d of them meanwhile; %d refused", took.Round(time.Millisecond),
		writer.count(http.StatusCreated), during, writer.count(http.StatusServiceUnavailable))
	// One may have been under way when the fault began.
	g.Expect(during).To(BeNumerically(">", 1), "nothing was acknowledged meanwhile")
	return writer
}

// recovers demands that a new token is accepted again within one TTL.
func (w *world) recovers(t *testing.T) time.Duration {
	t.Helper()
	g := NewWithT(t)
	ended, unknown := time.Now(), w.newToken(t)
	g.Eventually(func() (int, error) {
		a, err := w.get(probe, unknown)
		return a.status, err
	}, yesTTL+reserve).Should(Equal(http.StatusOK))
	took := time.Since(ended)
	g.Expect(took).To(BeNumerically("<", yesTTL), "recovery")
	return took
}

// tellsReadiness demands that readiness follows what requests meet.
func (w *world) tellsReadiness(t *testing.T, status int) {
	t.Helper()
	NewWithT(t).Eventually(func() (int, error) {
		a, err := w.get("/health/ready", "")
		return a.status, err
	}, readinessDelay+reserve).Should(Equal(status), "readiness")
}

// refuses demands the whole form of a refusal, in time.
func (w *world) refuses(t *testing.T, token string, f fault) {
	t.Helper()
	g := NewWithT(t)
	refused, err := w.get(probe, token)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(refused.status).To(Equal(http.StatusServiceUnavailable), string(refused.body))
	g.Expect(refused.header.Get("Content-Type")).To(Equal("application/problem+json"))
	seconds, err := strconv.Atoi(refused.header.Get("Retry-After"))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(seconds).To(BeNumerically(">=", max(1, f.retryAfter)))
	var problem struct {
		Status int    `json:"status"`
		Title  string `json:"title"`
	}
	g.Expect(json.Unmarshal(refused.body, &problem)).To(Succeed())
	g.Expect(problem.Status).To(Equal(http.StatusServiceUnavailable))
	g.Expect(problem.Title).NotTo(BeEmpty())
	g.Expect(refused.end.Sub(refused.begin)).To(BeNumerically("<", reviewTimeout+reserve))
}

// goesOnUntilTheTTL demands that a known token is accepted for as long as its
// answer is kept, and not a moment longer.
func (w *world) goesOnUntilTheTTL(t *testing.T, token string, primed answered) {
	t.Helper()
	g := NewWithT(t)
	accepted := 0
	for {
		a, err := w.get(probe, token)
		g.Expect(err).NotTo(HaveOccurred())
		if a.status == http.StatusServiceUnavailable {
			g.Expect(a.end.Sub(primed.begin)).To(BeNumerically(">=", yesTTL), "refused while its answer was kept")
			break
		}
		g.Expect(a.status).To(Equal(http.StatusOK), string(a.body))
		g.Expect(a.begin.Sub(primed.end)).To(BeNumerically("<", yesTTL), "accepted without a review")
		accepted++
	}
	g.Expect(accepted).To(BeNumerically(">", 0), "the token was never accepted")
}

func newWorld(t *testing.T) *world {
	t.Helper()
	g := NewWithT(t)
	root, err := filepath.Abs(filepath.Join("..", ".."))
	g.Expect(err).NotTo(HaveOccurred())
	run, err := runs.New()
	g.Expect(err).NotTo(HaveOccurred())
	s, err := stack.Up(t.Context(), stack.Options{RunID: run.ID, ReportDir: t.TempDir(), RepoRoot: root,
		Python:   cmp.Or(*python, filepath.Join(root, ".venv", "bin", "python")),
		Without:  []string{parts.DataStorage, parts.HAPI, parts.MockLLM},
		Progress: t.Output()})
	g.Expect(err).NotTo(HaveOccurred())
	t.Cleanup(func() {
		g.Expect(s.Down(context.Background())).To(Succeed())
		g.Expect(run.Release()).To(Succeed())
	})
	w := &world{stack: s, way: openWay(t, s)}
	instance, err := s.StartInstance(t.Context(), "chaos", "KUBECONFIG="+w.kubeconfig(t, s), "LOG_LEVEL=debug",
		"KUBE_AUTH_YES_TTL_SECONDS="+seconds(yesTTL), "KUBE_AUTH_REVIEW_TIMEOUT_SECONDS="+seconds(reviewTimeout))
	g.Expect(err).NotTo(HaveOccurred())
	t.Cleanup(func() { g.Expect(instance.Stop(context.Background())).To(Succeed()) })
	w.url = instance.URL
	return w
}

func seconds(d time.Duration) string { return strconv.FormatFloat(d.Seconds(), 'f', -1, 64) }

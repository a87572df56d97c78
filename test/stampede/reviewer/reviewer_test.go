package reviewer_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"
	"k8s.io/client-go/rest"

	"github.com/jordigilh/kubernaut/test/stampede/reviewer"
)

const generous, patience = 10 * time.Second, 100 * time.Millisecond

// world is a reviewer between a caller and an upstream that creates.
type world struct {
	url, log string
	reviews  *reviews
}

// reviews answers both kinds of review, and counts them.
type reviews struct {
	valid, allowed bool
	counted        chan string
}

func (r *reviews) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	r.counted <- request.URL.Path
	status := map[string]any{"allowed": r.allowed}
	if strings.HasSuffix(request.URL.Path, "/tokenreviews") {
		status = map[string]any{"authenticated": r.valid, "user": map[string]any{"username": "somebody"}}
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusCreated)
	kind := map[bool]string{true: "TokenReview", false: "SubjectAccessReview"}[status["user"] != nil]
	group := map[string]string{"TokenReview": "authentication", "SubjectAccessReview": "authorization"}[kind]
	_ = json.NewEncoder(w).Encode(map[string]any{"apiVersion": group + ".k8s.io/v1", "kind": kind, "status": status})
}

func newWorld(t *testing.T, r *reviews, qps float32, burst int) world {
	t.Helper()
	g := NewWithT(t)
	r.counted = make(chan string, 1000)
	api := httptest.NewServer(r)
	t.Cleanup(api.Close)
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		body, _ := io.ReadAll(request.Body)
		w.WriteHeader(http.StatusCreated)
		_, _ = w.Write(append(body, request.Header.Get("Authorization")...))
	}))
	t.Cleanup(upstream.Close)
	address, err := url.Parse(upstream.URL)
	g.Expect(err).NotTo(HaveOccurred())
	path := filepath.Join(t.TempDir(), "reviewer.log")
	log, err := os.Create(path)
	g.Expect(err).NotTo(HaveOccurred())
	t.Cleanup(func() { g.Expect(log.Close()).To(Succeed()) })
	handler, err := reviewer.New(reviewer.Options{Config: &rest.Config{Host: api.URL}, QPS: qps, Burst: burst,
		Audience: "kubernaut", Upstream: address, Log: log})
	g.Expect(err).NotTo(HaveOccurred())
	front := httptest.NewServer(handler)
	t.Cleanup(front.Close)
	return world{url: front.URL, log: path, reviews: r}
}

func (w world) post(ctx context.Context, g *WithT) (int, string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, w.url+"/api/v1/workflows", bytes.NewBufferString("body "))
	g.Expect(err).NotTo(HaveOccurred())
	request.Header.Set("Authorization", "Bearer secret")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, "", err
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	return response.StatusCode, string(text), err
}

func TestReviewedRequestIsForwardedWhole(t *testing.T) {
	g := NewWithT(t)
	w := newWorld(t, &reviews{valid: true, allowed: true}, -1, 0)

	status, text, err := w.post(t.Context(), g)

	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(status).To(Equal(http.StatusCreated))
	g.Expect(text).To(Equal("body Bearer secret"))
	g.Expect(w.reviews.counted).To(HaveLen(2))
}

func TestRefusalsAreToldApart(t *testing.T) {
	for name, c := range map[string]struct {
		reviews reviews
		status  int
		sent    int
	}{
		"not valid":   {reviews{}, http.StatusUnauthorized, 1},
		"not allowed": {reviews{valid: true}, http.StatusForbidden, 2},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			w := newWorld(t, &c.reviews, -1, 0)

			status, _, err := w.post(t.Context(), g)

			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(status).To(Equal(c.status))
			g.Expect(w.reviews.counted).To(HaveLen(c.sent))
			g.Expect(reviewer.Starved(w.log)).To(BeZero())
		})
	}
}

func TestNothingIsRemembered(t *testing.T) {
	g := NewWithT(t)
	w := newWorld(t, &reviews{valid: true, allowed: true}, -1, 0)

	for range 3 {
		_, _, err := w.post(t.Context(), g)
		g.Expect(err).NotTo(HaveOccurred())
	}

	g.Expect(w.reviews.counted).To(HaveLen(6))
}

func TestCallerThatHangsUpInTheQueueIsALimiterError(t *testing.T) {
	g := NewWithT(t)
	// One request in a thousand seconds, after the first.
	w := newWorld(t, &reviews{valid: true, allowed: true}, 0.001, 1)
	status, _, err := w.post(t.Context(), g)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(status).To(Equal(http.StatusCreated))

	g.Eventually(func() (int, error) {
		ctx, hangUp := context.WithTimeout(t.Context(), patience)
		defer hangUp()
		_, _, err := w.post(ctx, g)
		g.Expect(err).To(MatchError(context.DeadlineExceeded))
		return reviewer.Starved(w.log)
	}, generous).Should(BeNumerically(">=", 1))

	// The first request's alone: each kind of review has a limiter of its own.
	g.Expect(w.reviews.counted).To(HaveLen(2))
}

func TestLogThatIsCutIsAnError(t *testing.T) {
	g := NewWithT(t)
	path := filepath.Join(t.TempDir(), "log")
	g.Expect(os.WriteFile(path, []byte(`{"event":"request","sta`), 0o600)).To(Succeed())

	_, err := reviewer.Starved(path)

	g.Expect(err).To(MatchError(ContainSubstring(path)))
}

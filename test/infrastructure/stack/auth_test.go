package stack_test

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/jordigilh/kubernaut/test/infrastructure/controlplane"
	"github.com/jordigilh/kubernaut/test/infrastructure/runs"
	"github.com/jordigilh/kubernaut/test/infrastructure/stack"
)

const (
	namespace = "holmesgpt-api-e2e"
	audience  = "kubernaut"
)

// Tokens that a real API server judges, against the real DataStorage.
func TestDataStorageJudgesTokensByTheAPIServer(t *testing.T) {
	g := NewWithT(t)
	ctx := context.Background()
	s := up(ctx, t, g)
	allowed, err := s.Kube.Token(ctx, namespace, "holmesgpt-api-e2e-sa", audience)
	g.Expect(err).NotTo(HaveOccurred())
	powerless, err := s.Kube.Token(ctx, namespace, "no-access-sa", audience)
	g.Expect(err).NotTo(HaveOccurred())
	elsewhere, err := s.Kube.Token(ctx, namespace, "holmesgpt-api-e2e-sa", "another-service")
	g.Expect(err).NotTo(HaveOccurred())

	for name, c := range map[string]struct {
		token  string
		status int
	}{
		"no token":          {"", http.StatusUnauthorized},
		"not a token":       {"nonsense", http.StatusUnauthorized},
		"expired":           {mint(ctx, g, s, -2*time.Hour, -time.Hour), http.StatusUnauthorized},
		"not yet valid":     {mint(ctx, g, s, time.Hour, 2*time.Hour), http.StatusUnauthorized},
		"another audience":  {elsewhere, http.StatusUnauthorized},
		"without the right": {powerless, http.StatusForbidden},
		"minted and valid":  {mint(ctx, g, s, -time.Minute, time.Hour), http.StatusOK},
		"allowed":           {allowed, http.StatusOK},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)

			response := list(g, s.DataStorageURL, c.token)

			g.Expect(response.StatusCode).To(Equal(c.status))
			if c.status != http.StatusOK {
				g.Expect(response.Header.Get("Content-Type")).To(Equal("application/problem+json"))
				g.Expect(response.Header.Get("X-Request-Id")).NotTo(BeEmpty())
			}
		})
	}
	noTokenInLogs(g, s.LogDir, allowed, powerless)
}

func up(ctx context.Context, t *testing.T, g *WithT) *stack.Stack {
	_, file, _, _ := runtime.Caller(0)
	root := filepath.Join(filepath.Dir(file), "..", "..", "..")
	run, err := runs.New()
	g.Expect(err).NotTo(HaveOccurred())
	s, err := stack.Up(ctx, stack.Options{
		RunID:     run.ID,
		ReportDir: t.TempDir(),
		Python:    filepath.Join(root, ".venv", "bin", "python"),
		RepoRoot:  root,
		Namespace: namespace,
		Progress:  testWriter{t},
	})
	g.Expect(err).NotTo(HaveOccurred())
	t.Cleanup(func() {
		g.Expect(s.Down(context.Background())).To(Succeed())
		g.Expect(run.Release()).To(Succeed())
	})
	return s
}

func mint(ctx context.Context, g *WithT, s *stack.Stack, notBefore, expires time.Duration) string {
	uid, err := s.Kube.ServiceAccountUID(ctx, namespace, "holmesgpt-api-e2e-sa")
	g.Expect(err).NotTo(HaveOccurred())
	token, err := s.ControlPlane.MintToken(controlplane.Claims{
		Namespace:      namespace,
		ServiceAccount: "holmesgpt-api-e2e-sa",
		UID:            uid,
		Audience:       audience,
		NotBefore:      time.Now().Add(notBefore),
		Expires:        time.Now().Add(expires),
	})
	g.Expect(err).NotTo(HaveOccurred())
	return token
}

func list(g *WithT, url, token string) *http.Response {
	request, err := http.NewRequest(http.MethodGet, url+"/api/v1/workflows", nil)
	g.Expect(err).NotTo(HaveOccurred())
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := http.DefaultClient.Do(request)
	g.Expect(err).NotTo(HaveOccurred())
	defer func() { _ = response.Body.Close() }()
	var body map[string]any
	g.Expect(json.NewDecoder(response.Body).Decode(&body)).To(Succeed())
	return response
}

func noTokenInLogs(g *WithT, folder string, tokens ...string) {
	logs, err := filepath.Glob(filepath.Join(folder, "*.log"))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(logs).NotTo(BeEmpty())
	for _, log := range logs {
		text, err := os.ReadFile(log)
		g.Expect(err).NotTo(HaveOccurred())
		for _, token := range tokens {
			g.Expect(string(text)).NotTo(ContainSubstring(token[len(token)-40:]), log)
		}
	}
}

type testWriter struct{ t *testing.T }

func (w testWriter) Write(text []byte) (int, error) {
	w.t.Log(string(text))
	return len(text), nil
}

package stack_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"net/http"
	"net/http/httptrace"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"

	"github.com/jordigilh/kubernaut/test/infrastructure/controlplane"
	"github.com/jordigilh/kubernaut/test/infrastructure/kube"
	"github.com/jordigilh/kubernaut/test/infrastructure/leak"
	"github.com/jordigilh/kubernaut/test/infrastructure/parts"
	"github.com/jordigilh/kubernaut/test/infrastructure/runs"
	"github.com/jordigilh/kubernaut/test/infrastructure/stack"
)

const (
	client = "holmesgpt-api-e2e-sa"
	// yesTTL is short, so that revocation can be waited for.
	yesTTL = 2 * time.Second
	// apiServerTTL is how long kube-apiserver itself keeps a token's yes.
	apiServerTTL = 10 * time.Second
	// reserve is for the request itself on a busy machine.
	reserve = 3 * time.Second
	// delayedAck is what Nagle's algorithm waits for on Linux.
	delayedAck = 40 * time.Millisecond
)

// Tokens that a real API server judges, against the real DataStorage.
func TestDataStorageJudgesTokensByTheAPIServer(t *testing.T) {
	g := NewWithT(t)
	s := up(t.Context(), t, g)
	allowed := token(t, s, client, kube.Audience)
	powerless := token(t, s, "no-access-sa", kube.Audience)
	foreign, err := rsa.GenerateKey(rand.Reader, 2048)
	g.Expect(err).NotTo(HaveOccurred())

	for name, c := range map[string]struct {
		token  string
		status int
	}{
		"no token":             {"", http.StatusUnauthorized},
		"not a token":          {"nonsense", http.StatusUnauthorized},
		"expired":              {mint(t, s, func(c *controlplane.Claims) { c.Expires = time.Now().Add(-time.Hour) }), http.StatusUnauthorized},
		"not yet valid":        {mint(t, s, func(c *controlplane.Claims) { c.NotBefore = time.Now().Add(time.Hour) }), http.StatusUnauthorized},
		"foreign-signed":       {mint(t, s, func(c *controlplane.Claims) { c.Key = foreign }), http.StatusUnauthorized},
		"of an account before": {mint(t, s, func(c *controlplane.Claims) { c.UID = "another" }), http.StatusUnauthorized},
		"another audience":     {token(t, s, client, "another-service"), http.StatusUnauthorized},
		"the API server's own": {token(t, s, client), http.StatusUnauthorized},
		"without the right":    {powerless, http.StatusForbidden},
		"minted and valid":     {mint(t, s, func(*controlplane.Claims) {}), http.StatusOK},
		"allowed":              {allowed, http.StatusOK},
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
	t.Run("each operation", func(t *testing.T) { guardsEachOperation(t, s) })
	t.Run("kept-alive", func(t *testing.T) { answersKeptAliveRequestsAtOnce(t, s, allowed) })
	t.Run("deleted account", func(t *testing.T) { refusesDeletedAccount(t, s) })
	t.Run("right withdrawn", func(t *testing.T) { refusesWithdrawnRight(t, s) })
	t.Run("logs", func(t *testing.T) { keepsSecretsOutOfLogs(t, s, allowed, powerless) })
}

// answersKeptAliveRequestsAtOnce would see 40 ms for each but the first if the
// listener that DataStorage inherits left Nagle's algorithm on.
func answersKeptAliveRequestsAtOnce(t *testing.T, s *stack.Stack, token string) {
	g := NewWithT(t)
	reused, connections := 0, 0
	trace := &httptrace.ClientTrace{GotConn: func(info httptrace.GotConnInfo) {
		connections++
		if info.Reused {
			reused++
		}
	}}
	fastest := time.Hour
	for range 20 {
		request, err := http.NewRequestWithContext(httptrace.WithClientTrace(t.Context(), trace), http.MethodGet,
			s.DataStorageURL+"/api/v1/workflows?limit=1", nil)
		g.Expect(err).NotTo(HaveOccurred())
		begin := time.Now()
		g.Expect(send(g, request, token).StatusCode).To(Equal(http.StatusOK))
		if took := time.Since(begin); reused > 0 {
			fastest = min(fastest, took)
		}
	}

	g.Expect(reused).To(BeNumerically(">=", connections-1))
	// The fastest: a busy machine slows some of them, Nagle's algorithm all.
	g.Expect(fastest).To(BeNumerically("<", delayedAck/2))
	t.Logf("the fastest kept-alive request took %s", fastest)
}

func refusesDeletedAccount(t *testing.T, s *stack.Stack) {
	g := NewWithT(t)
	revoked := newCaller(t, s, "leaver")
	g.Expect(list(g, s.DataStorageURL, revoked).StatusCode).To(Equal(http.StatusOK))

	accounts := admin(g, s).CoreV1().ServiceAccounts(s.Namespace)
	g.Expect(accounts.Delete(t.Context(), "leaver", metav1.DeleteOptions{})).To(Succeed())
	took := untilStatus(g, s, revoked, http.StatusUnauthorized, yesTTL+apiServerTTL+reserve)

	t.Logf("the token of a deleted ServiceAccount was refused after %s", took)
}

func refusesWithdrawnRight(t *testing.T, s *stack.Stack) {
	g := NewWithT(t)
	demoted := newCaller(t, s, "mover")
	g.Expect(list(g, s.DataStorageURL, demoted).StatusCode).To(Equal(http.StatusOK))

	bindings := admin(g, s).RbacV1().RoleBindings(s.Namespace)
	g.Expect(bindings.Delete(t.Context(), "mover", metav1.DeleteOptions{})).To(Succeed())
	took := untilStatus(g, s, demoted, http.StatusForbidden, yesTTL+reserve)

	t.Logf("a caller whose right was withdrawn was refused after %s", took)
}

// keepsSecretsOutOfLogs sends bodies that are refused, at the most talkative level.
func keepsSecretsOutOfLogs(t *testing.T, s *stack.Stack, tokens ...string) {
	g := NewWithT(t)
	const body = "text-that-no-log-may-have-4f1c9a7be2d05836"
	for name, sent := range map[string]string{
		"invalid": `{"workflow_name": "` + body + `"}`,
		"no JSON": `{"workflow_name": "` + body,
	} {
		request, err := http.NewRequest(http.MethodPost, s.DataStorageURL+"/api/v1/workflows", strings.NewReader(sent))
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(send(g, request, tokens[0]).StatusCode).To(Equal(http.StatusBadRequest), name)
	}

	g.Expect(leak.Find(s.LogDir, append(tokens, body)...)).To(BeEmpty())
}

func up(ctx context.Context, t *testing.T, g *WithT) *stack.Stack {
	t.Helper()
	root := withSpaces(t, g)
	run, err := runs.New()
	g.Expect(err).NotTo(HaveOccurred())
	s, err := stack.Up(ctx, stack.Options{RunID: run.ID, ReportDir: t.TempDir(), RepoRoot: root,
		Python:  filepath.Join(root, ".venv", "bin", "python"),
		Without: []string{parts.HAPI, parts.MockLLM},
		Env: map[string][]string{parts.DataStorage: {"LOG_LEVEL=debug",
			"KUBE_AUTH_YES_TTL_SECONDS=" + strconv.FormatFloat(yesTTL.Seconds(), 'f', -1, 64)}},
		Progress: t.Output()})
	g.Expect(err).NotTo(HaveOccurred())
	t.Cleanup(func() {
		g.Expect(s.Down(context.Background())).To(Succeed())
		g.Expect(run.Release()).To(Succeed())
	})
	return s
}

// withSpaces makes the temporary folder and the way to the checkout ones with
// spaces, as on the machines of some.
func withSpaces(t *testing.T, g *WithT) string {
	t.Helper()
	_, file, _, _ := runtime.Caller(0)
	folder, err := os.MkdirTemp("", "a b")
	g.Expect(err).NotTo(HaveOccurred())
	t.Cleanup(func() { g.Expect(os.RemoveAll(folder)).To(Succeed()) })
	g.Expect(os.Chmod(folder, 0o711)).To(Succeed())
	t.Setenv("TMPDIR", folder)
	root := filepath.Join(folder, "check out")
	g.Expect(os.Symlink(filepath.Join(filepath.Dir(file), "..", "..", ".."), root)).To(Succeed())
	return root
}

func token(t *testing.T, s *stack.Stack, account string, audiences ...string) string {
	t.Helper()
	issued, err := s.Kube.Token(t.Context(), s.Namespace, account, audiences...)
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	return issued
}

func mint(t *testing.T, s *stack.Stack, change func(*controlplane.Claims)) string {
	t.Helper()
	g := NewWithT(t)
	uid, err := s.Kube.ServiceAccountUID(t.Context(), s.Namespace, client)
	g.Expect(err).NotTo(HaveOccurred())
	claims := controlplane.Claims{Namespace: s.Namespace, ServiceAccount: client, UID: uid, Audience: kube.Audience,
		NotBefore: time.Now().Add(-2 * time.Hour), Expires: time.Now().Add(2 * time.Hour)}
	change(&claims)
	minted, err := s.MintToken(claims)
	g.Expect(err).NotTo(HaveOccurred())
	return minted
}

func admin(g *WithT, s *stack.Stack) kubernetes.Interface {
	typed, err := kubernetes.NewForConfig(s.Config())
	g.Expect(err).NotTo(HaveOccurred())
	return typed
}

// newCaller makes an account with the client's right, and returns its token.
func newCaller(t *testing.T, s *stack.Stack, name string) string {
	t.Helper()
	g := NewWithT(t)
	meta := metav1.ObjectMeta{Name: name}
	api := admin(g, s)
	_, err := api.CoreV1().ServiceAccounts(s.Namespace).Create(t.Context(), &corev1.ServiceAccount{ObjectMeta: meta}, metav1.CreateOptions{})
	g.Expect(err).NotTo(HaveOccurred())
	_, err = api.RbacV1().RoleBindings(s.Namespace).Create(t.Context(), &rbacv1.RoleBinding{ObjectMeta: meta,
		RoleRef:  rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "Role", Name: "data-storage-client"},
		Subjects: []rbacv1.Subject{{Kind: rbacv1.ServiceAccountKind, Name: name, Namespace: s.Namespace}}}, metav1.CreateOptions{})
	g.Expect(err).NotTo(HaveOccurred())
	issued := token(t, s, name, kube.Audience)
	// The API server's authorizer sees a new binding a moment later.
	untilStatus(g, s, issued, http.StatusOK, apiServerTTL)
	return issued
}

// untilStatus returns how long DataStorage took to answer so.
func untilStatus(g *WithT, s *stack.Stack, token string, status int, limit time.Duration) time.Duration {
	begin := time.Now()
	g.Eventually(func() int { return list(g, s.DataStorageURL, token).StatusCode }, limit).Should(Equal(status))
	return time.Since(begin)
}

func list(g *WithT, url, token string) *http.Response {
	request, err := http.NewRequest(http.MethodGet, url+"/api/v1/workflows", nil)
	g.Expect(err).NotTo(HaveOccurred())
	return send(g, request, token)
}

func send(g *WithT, request *http.Request, token string) *http.Response {
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

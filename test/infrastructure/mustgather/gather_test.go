package mustgather

import (
	"context"
	"encoding/base64"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/jordigilh/kubernaut/test/infrastructure/parts"
	"github.com/jordigilh/kubernaut/test/infrastructure/stack"
)

const (
	password   = "p4ss-of-the-database"
	token      = "opaque-token-of-the-caller"
	jwt        = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJtZSJ9.c2lnbmF0dXJl"
	privateKey = "-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA\n-----END RSA PRIVATE KEY-----"
)

// failing is the test whose requests the logs name.
var failing = Test{NodeID: "tests/a.py::test_a[x]", Path: "tests/a.py", Line: 7, Message: "AssertionError: no\nmore",
	Traceback: ">   assert 0", Output: "Captured log call"}

// fakeStack is a stack of which two services answer and every log has secrets.
func fakeStack(t *testing.T) stack.Snapshot {
	t.Helper()
	g := NewWithT(t)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer "+token {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		_, _ = w.Write([]byte(`{"path":"` + r.URL.Path + `","api_key":"key-of-the-llm","token":"` + jwt + `"}`))
	}))
	t.Cleanup(server.Close)
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		g.Expect(os.MkdirAll(filepath.Dir(path), 0o700)).To(Succeed())
		g.Expect(os.WriteFile(path, []byte(text), 0o600)).To(Succeed())
		return path
	}
	log := strings.Join([]string{
		`{"event":"request","request":"POST /api/v1/incident/analyze","request_id":"fa14f010f664-1"}`,
		`{"event":"request","request":"GET /config","request_id":"000000000000-1"}`,
		"Authorization: Bearer " + token, "postgresql://postgres:" + password + "@/postgres", jwt, privateKey,
		"password=" + base64.StdEncoding.EncodeToString([]byte("another")),
	}, "\n") + "\n"
	return stack.Snapshot{
		Namespace: "spec", Python: "/bin/false", RepoRoot: dir, SecretsDir: filepath.Join(dir, "secrets"),
		DatabaseURL: "postgresql://postgres:" + password + "@/postgres?host=x", ClientTokenFile: write("secrets/client.token", token+"\n"),
		URLs: map[string]string{parts.DataStorage: server.URL, parts.HAPI: server.URL},
		Logs: map[string]string{parts.DataStorage: write("logs/datastorage.log", log), parts.HAPI: write("logs/holmesgpt-api.log", log),
			"mock-llm": filepath.Join(dir, "logs", "never-started.log")},
		PIDs: map[string]int{parts.DataStorage: os.Getpid()},
	}
}

func gathered(t *testing.T) (string, error) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "must-gather")
	return dir, Gather(t.Context(), dir, fakeStack(t), []Test{failing})
}

func read(t *testing.T, dir, name string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(dir, name))
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	return string(content)
}

// leaks are the secrets that stand in any file of a folder.
func leaks(t *testing.T, dir string, secrets ...string) []string {
	t.Helper()
	var found []string
	files := 0
	NewWithT(t).Expect(filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		files++
		content, err := os.ReadFile(path)
		for _, secret := range secrets {
			if strings.Contains(string(content), secret) {
				found = append(found, filepath.Base(path)+": "+secret)
			}
		}
		return err
	})).To(Succeed())
	NewWithT(t).Expect(files).To(BeNumerically(">", 4))
	return found
}

func TestNoSecretIsGathered(t *testing.T) {
	t.Setenv("OPENAI_API_KEY", "key-of-the-person")
	dir, _ := gathered(t)
	NewWithT(t).Expect(leaks(t, dir, password, token, jwt, "PRIVATE KEY", "MIIEowIBAAKCAQEA",
		"key-of-the-llm", "key-of-the-person", base64.StdEncoding.EncodeToString([]byte("another")))).To(BeEmpty())
	NewWithT(t).Expect(read(t, dir, "logs/datastorage.log")).To(And(
		ContainSubstring("Bearer REDACTED"), ContainSubstring("postgresql://postgres:REDACTED@/postgres")))
}

func TestAFailedTestHasItsPlaceAndItsRequests(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	dir, _ := gathered(t)
	page := read(t, dir, "tests/01-tests-a.py-test_a-x.txt")
	g.Expect(page).To(HavePrefix("tests/a.py::test_a[x]\ntests/a.py:7: AssertionError: no\n"))
	g.Expect(page).To(ContainSubstring(">   assert 0\nCaptured log call"))
	g.Expect(strings.Count(page, "POST /api/v1/incident/analyze")).To(Equal(2))
	g.Expect(page).To(MatchRegexp(`(?s)\ndatastorage:\n.*\nholmesgpt-api:\n`))
	g.Expect(page).NotTo(ContainSubstring("GET /config"))
}

func TestWhatIsMissingIsToldAndTheRestIsThere(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	dir, err := gathered(t)
	g.Expect(err).To(MatchError("API objects: it never came up"))
	g.Expect(read(t, dir, problemsFile)).To(Equal("API objects: it never came up\n"))
	g.Expect(read(t, dir, "catalogue.json")).To(ContainSubstring(`"path":"/api/v1/workflows"`))
	g.Expect(read(t, dir, "config/holmesgpt-api.json")).To(ContainSubstring(`"path":"/config"`))
	g.Expect(read(t, dir, "versions.txt")).To(HavePrefix("Go 1."))
	g.Expect(filepath.Join(dir, "logs", "mock-llm.log")).NotTo(BeAnExistingFile())
}

func TestACollectorThatHangsIsLeftOut(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	release := make(chan struct{})
	defer close(release)
	problems := (&gathering{}).run(ctx, []collector{
		{"slow", func(context.Context) error { <-release; return nil }},
		{"quick", func(context.Context) error { return nil }},
	})
	g.Expect(problems).To(HaveLen(1))
	g.Expect(problems[0]).To(MatchError("slow: context deadline exceeded"))
}

func TestAnAnswerThatIsNo200IsKept(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	from := fakeStack(t)
	g.Expect(os.WriteFile(from.ClientTokenFile, []byte("another"), 0o600)).To(Succeed())
	dir := filepath.Join(t.TempDir(), "must-gather")
	g.Expect(Gather(t.Context(), dir, from, nil)).To(MatchError(ContainSubstring("catalogue: GET /api/v1/workflows?limit=100 of datastorage: 401")))
	g.Expect(filepath.Join(dir, "catalogue.json")).To(BeARegularFile())
}

func TestALongLogIsCutAtItsBeginning(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	path := filepath.Join(t.TempDir(), "long.log")
	g.Expect(os.WriteFile(path, append(make([]byte, mostOfALog), "the end"...), 0o600)).To(Succeed())
	content, err := tail(path)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(content).To(HaveLen(mostOfALog))
	g.Expect(string(content[len(content)-7:])).To(Equal("the end"))
}

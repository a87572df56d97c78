package seed_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	ogenclient "github.com/jordigilh/kubernaut/pkg/datastorage/ogen-client"
	"github.com/jordigilh/kubernaut/test/infrastructure/seed"
	"github.com/jordigilh/kubernaut/test/workflows"
)

// reply answers one POST; attempt counts the POSTs of this workflow from 1.
type reply func(w http.ResponseWriter, body map[string]any, attempt int)

type fakeStore struct {
	*httptest.Server
	mu       sync.Mutex
	attempts map[string]int
	tokens   []string
}

func newStore(t *testing.T, answer reply) *fakeStore {
	t.Helper()
	store := &fakeStore{attempts: map[string]int{}}
	store.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body map[string]any
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			t.Error(err)
		}
		name, _ := body["workflow_name"].(string)
		store.mu.Lock()
		store.attempts[name]++
		attempt := store.attempts[name]
		store.tokens = append(store.tokens, r.Header.Get("Authorization"))
		store.mu.Unlock()
		answer(w, body, attempt)
	}))
	t.Cleanup(store.Close)
	return store
}

func (s *fakeStore) client(t *testing.T) *ogenclient.Client {
	t.Helper()
	client, err := seed.NewClient(s.URL, tokenFile(t, "first"))
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func tokenFile(t *testing.T, token string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(path, []byte(token+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func store(w http.ResponseWriter, body map[string]any, status int) {
	hash, _ := body["content_hash"].(string)
	body["workflow_id"] = fmt.Sprintf("%s-%s-4%s-8%s-%s", hash[:8], hash[8:12], hash[13:16], hash[17:20], hash[20:32])
	body["is_latest_version"] = true
	body["created_at"] = "2001-02-03T04:05:06Z"
	body["updated_at"] = "2001-02-03T04:05:06Z"
	send(w, status, "application/json", body)
}

func problem(w http.ResponseWriter, status int, members map[string]any) {
	body := map[string]any{"type": "https://kubernaut.ai/problems/x", "title": "Refused", "status": status}
	for name, value := range members {
		body[name] = value
	}
	send(w, status, "application/problem+json", body)
}

func send(w http.ResponseWriter, status int, contentType string, body any) {
	w.Header().Set("Content-Type", contentType)
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

func all(t *testing.T) []workflows.Workflow {
	t.Helper()
	list, err := workflows.All()
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func fast(output io.Writer) seed.Options {
	return seed.Options{Output: output, Backoff: time.Microsecond, Attempts: 3}
}

// notes are an output that is told more than lines.
type notes struct {
	bytes.Buffer
	mu            sync.Mutex
	begun, failed []string
	results       []seed.Result
}

func (n *notes) Posting(workflow string) func(error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.begun = append(n.begun, workflow)
	return func(err error) {
		n.mu.Lock()
		defer n.mu.Unlock()
		if err != nil {
			n.failed = append(n.failed, workflow)
		}
	}
}

func (n *notes) Seeded(result seed.Result) { n.results = append(n.results, result) }

func TestARecorderIsToldOfEachWorkflowAndOfTheResult(t *testing.T) {
	list := all(t)
	server := newStore(t, func(w http.ResponseWriter, body map[string]any, _ int) {
		if body["workflow_name"] == list[0].Name {
			problem(w, http.StatusConflict, nil)
			return
		}
		store(w, body, http.StatusCreated)
	})
	var told notes
	result, err := seed.Seed(t.Context(), server.client(t), list, fast(&told))
	if err == nil || len(told.begun) != len(list) || len(told.failed) != 1 || told.failed[0] != list[0].Name {
		t.Errorf("%v: begun %v, failed %v", err, told.begun, told.failed)
	}
	if len(told.results) != 1 || len(told.results[0].Failed) != 1 || told.results[0].Posts != result.Posts {
		t.Errorf("%+v", told.results)
	}
	if !strings.Contains(told.String(), "Failed: 1") {
		t.Errorf("%s", told.String())
	}
}

func TestEachWorkflowIsPostedOnce(t *testing.T) {
	server := newStore(t, func(w http.ResponseWriter, body map[string]any, _ int) {
		list := body["parameters"].(map[string]any)["schema"].(map[string]any)["parameters"]
		if _, isList := list.([]any); !isList {
			t.Errorf("parameters: %v", body["parameters"])
		}
		store(w, body, http.StatusCreated)
	})
	var output bytes.Buffer
	list := all(t)
	result, err := seed.Seed(t.Context(), server.client(t), list, fast(&output))
	if err != nil {
		t.Fatal(err)
	}
	if len(result.IDs) != len(list) || len(result.Created) != len(list) || result.Posts != len(list) {
		t.Errorf("%d workflows gave %+v", len(list), result)
	}
	for name, n := range server.attempts {
		if n != 1 {
			t.Errorf("%s was posted %d times", name, n)
		}
	}
	want := fmt.Sprintf("✅ Created: %d\n⚠️ Existing: 0\n❌ Failed: 0\n", len(list))
	if output.String() != want {
		t.Errorf("printed %q, not %q", output.String(), want)
	}
}

func TestOKCountsAsExisting(t *testing.T) {
	server := newStore(t, func(w http.ResponseWriter, body map[string]any, _ int) { store(w, body, http.StatusOK) })
	result, err := seed.Seed(t.Context(), server.client(t), all(t), fast(nil))
	if err != nil || len(result.Existing) != len(all(t)) || len(result.Created) != 0 {
		t.Errorf("%+v, %v", result, err)
	}
}

func TestDriftFailsWithItsFieldsAndIsNotRetried(t *testing.T) {
	drifted := []string{"generic-restart-v1", "pvc-expand-v1"}
	server := newStore(t, func(w http.ResponseWriter, body map[string]any, _ int) {
		if slices.Contains(drifted, body["workflow_name"].(string)) {
			problem(w, http.StatusConflict, map[string]any{"differing_fields": []string{"labels", "content"}})
			return
		}
		store(w, body, http.StatusCreated)
	})
	result, err := seed.Seed(t.Context(), server.client(t), all(t), fast(nil))
	if err == nil || !strings.Contains(err.Error(), drifted[0]) || !strings.Contains(err.Error(), drifted[1]) {
		t.Fatalf("got %v", err)
	}
	if len(result.Failed) != 2 || !slices.Equal(result.Failed[0].Fields, []string{"content", "labels"}) {
		t.Errorf("%+v", result.Failed)
	}
	if result.Posts != len(all(t)) || result.IDs[drifted[0]] != "" {
		t.Errorf("%d posts, ids %v", result.Posts, result.IDs)
	}
}

func TestBusyRepliesAreRetried(t *testing.T) {
	server := newStore(t, func(w http.ResponseWriter, body map[string]any, attempt int) {
		switch attempt {
		case 1:
			problem(w, http.StatusServiceUnavailable, nil)
		case 2:
			send(w, http.StatusTooManyRequests, "text/plain", "slow down")
		default:
			store(w, body, http.StatusCreated)
		}
	})
	result, err := seed.Seed(t.Context(), server.client(t), all(t), fast(nil))
	if err != nil || result.Posts != 3*len(all(t)) {
		t.Errorf("%d posts, %v", result.Posts, err)
	}
}

func TestOnlyBusyRepliesAreRetried(t *testing.T) {
	for _, status := range []int{400, 401, 403, 409, 500, 502, 504} {
		server := newStore(t, func(w http.ResponseWriter, _ map[string]any, _ int) { problem(w, status, nil) })
		result, err := seed.Seed(t.Context(), server.client(t), all(t)[:1], fast(nil))
		if err == nil || result.Posts != 1 || len(result.Failed) != 1 {
			t.Errorf("%d: %d posts, %v", status, result.Posts, err)
		}
	}
}

func TestAttemptsAreBounded(t *testing.T) {
	server := newStore(t, func(w http.ResponseWriter, _ map[string]any, _ int) { problem(w, 503, nil) })
	result, err := seed.Seed(t.Context(), server.client(t), all(t)[:1], fast(nil))
	if err == nil || result.Posts != 3 {
		t.Errorf("%d posts, %v", result.Posts, err)
	}
}

func TestCancellationEndsTheWaitBetweenAttempts(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	server := newStore(t, func(w http.ResponseWriter, _ map[string]any, _ int) {
		w.Header().Set("Retry-After", "3600")
		problem(w, http.StatusServiceUnavailable, nil)
		cancel()
	})
	opts := fast(nil)
	opts.MaxDelay = time.Hour
	result, err := seed.Seed(ctx, server.client(t), all(t)[:1], opts)
	if err == nil || result.Posts != 1 {
		t.Errorf("%d posts, %v", result.Posts, err)
	}
}

func TestForeignReplyIsReportedWithItsStatus(t *testing.T) {
	server := newStore(t, func(w http.ResponseWriter, _ map[string]any, _ int) {
		send(w, http.StatusBadGateway, "text/html", "no upstream")
	})
	_, err := seed.Seed(t.Context(), server.client(t), all(t)[:1], fast(nil))
	if err == nil || !strings.Contains(err.Error(), "502") || !strings.Contains(err.Error(), "no upstream") {
		t.Errorf("got %v", err)
	}
}

func TestSharedIDsAreAnError(t *testing.T) {
	server := newStore(t, func(w http.ResponseWriter, body map[string]any, _ int) {
		body["content_hash"] = strings.Repeat("0", 64)
		store(w, body, http.StatusCreated)
	})
	_, err := seed.Seed(t.Context(), server.client(t), all(t)[:2], fast(nil))
	if err == nil || !strings.Contains(err.Error(), "has the id of") {
		t.Errorf("got %v", err)
	}
}

func TestInvalidDataIsNeverPosted(t *testing.T) {
	server := newStore(t, func(w http.ResponseWriter, body map[string]any, _ int) { store(w, body, 201) })
	list := all(t)
	list[3].Labels.Severity = "dreadful"
	_, err := seed.Seed(t.Context(), server.client(t), append(list, list[0]), fast(nil))
	if err == nil || !strings.Contains(err.Error(), list[3].Name) || !strings.Contains(err.Error(), list[0].Name+" occurs twice") {
		t.Errorf("got %v", err)
	}
	if len(server.attempts) != 0 {
		t.Errorf("posted: %v", server.attempts)
	}
}

func TestTokenFileIsReadForEachCall(t *testing.T) {
	server := newStore(t, func(w http.ResponseWriter, body map[string]any, _ int) { store(w, body, 201) })
	path := tokenFile(t, "first")
	client, err := seed.NewClient(server.URL, path)
	if err != nil {
		t.Fatal(err)
	}
	for _, token := range []string{"first", "second"} {
		if err := os.WriteFile(path, []byte(token), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := seed.Seed(t.Context(), client, all(t)[:1], fast(nil)); err != nil {
			t.Fatal(err)
		}
	}
	if want := []string{"Bearer first", "Bearer second"}; !slices.Equal(server.tokens, want) {
		t.Errorf("got %v", server.tokens)
	}
}

func TestScenariosAreSorted(t *testing.T) {
	path := filepath.Join(t.TempDir(), "scenarios.yaml")
	if err := seed.WriteScenarios(path, map[string]string{"b": "id-b", "a": "id-a"}); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil || string(data) != "scenarios:\n  a: id-a\n  b: id-b\n" {
		t.Errorf("%q, %v", data, err)
	}
	if seed.WriteScenarios(path, map[string]string{"a": ""}) == nil {
		t.Error("accepted a workflow without an id")
	}
}

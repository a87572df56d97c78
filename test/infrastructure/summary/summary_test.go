package summary_test

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"testing"

	"github.com/jordigilh/kubernaut/test/infrastructure/summary"
)

const accessLog = `{"event":"request","request":"POST /api/v1/workflows","status":201,"duration_ms":1.5}
{"event":"request","request":"POST /api/v1/workflows","status":200}
{"event":"request","request":"POST /api/v1/workflows/search","status":503}
Traceback (most recent call last):
{"event":"started","request":"POST /api/v1/workflows","status":201}
{"event":"request","request":"POST /api/v1/workflows","status":201}
{"event":"request","request":"GET /config","status":401}
{"event":"request","request":"POST /api/v1/work`

func logFile(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "service.log")
	if err := os.WriteFile(path, []byte(accessLog), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestRequestsAreCountedByStatus(t *testing.T) {
	counts, err := summary.CountRequests(logFile(t), summary.SeedRequest)
	if err != nil || !maps.Equal(counts, summary.Counts{201: 2, 200: 1}) || counts.Total() != 3 {
		t.Errorf("%v, %v", counts, err)
	}
}

func TestRefusalsAreCountedOverAllLogs(t *testing.T) {
	var auth summary.Auth
	if err := auth.CountRefusals(logFile(t), logFile(t)); err != nil {
		t.Fatal(err)
	}
	if auth.Unauthorized != 2 || auth.Unavailable != 2 {
		t.Errorf("%+v", auth)
	}
}

func TestMissingLogIsAnErrorNotZero(t *testing.T) {
	if _, err := summary.CountRequests(filepath.Join(t.TempDir(), "absent"), summary.SeedRequest); err == nil {
		t.Error("no error")
	}
}

func TestSummaryHasEveryMember(t *testing.T) {
	path := filepath.Join(t.TempDir(), "summary.json")
	if err := summary.Write(path, summary.Summary{RunID: "run-a"}); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var document map[string]any
	if err := json.Unmarshal(data, &document); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"run_id", "provider", "workers", "phases", "seed", "auth", "pytest", "ginkgo", "memory"} {
		if document[name] == nil {
			t.Errorf("%s is missing", name)
		}
	}
}

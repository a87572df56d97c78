package audit_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/jordigilh/kubernaut/api/aianalysis/v1alpha1"
	"github.com/jordigilh/kubernaut/internal/aianalysis/approval"
	"github.com/jordigilh/kubernaut/internal/aianalysis/audit"
)

func analysis(phase v1alpha1.Phase) *v1alpha1.AIAnalysis {
	return &v1alpha1.AIAnalysis{
		ObjectMeta: metav1.ObjectMeta{Name: "aa", Namespace: "ns"},
		Spec:       v1alpha1.AIAnalysisSpec{RemediationRequestRef: corev1.ObjectReference{Name: "rr"}, RemediationID: "rem"},
		Status: v1alpha1.AIAnalysisStatus{Phase: phase, InvestigationID: "uid", RootCause: strings.Repeat("ä", 600),
			Reason: "APIError", SubReason: "MaxRetriesExceeded", Message: "gone",
			SelectedWorkflow: &v1alpha1.SelectedWorkflow{WorkflowID: "w", Confidence: 0.9}},
	}
}

func end(g *WithT, phase v1alpha1.Phase) string {
	document, err := audit.End(analysis(phase))
	g.Expect(err).NotTo(HaveOccurred())
	return document
}

func TestEventsSayWhatHappened(t *testing.T) {
	g := NewWithT(t)
	required := approval.Decision{RequireApproval: true, Reason: "why"}
	for kind, row := range map[string]struct {
		document string
		outcome  string
		data     map[string]any
	}{
		"aianalysis.phase.transition": {audit.Transition(analysis("Pending"), "Pending", "Investigating"), "success",
			map[string]any{"old_phase": "Pending", "new_phase": "Investigating"}},
		"aianalysis.holmesgpt.call": {audit.Call(analysis("Investigating"), "/p", 0, time.Microsecond), "failure",
			map[string]any{"endpoint": "/p", "http_status_code": 0.0, "duration_ms": 1.0}},
		"aianalysis.rego.evaluation": {audit.Evaluation(analysis("Analyzing"), approval.Decision{}, errors.New("late"), 0), "failure",
			map[string]any{"outcome": "error", "reason": "late", "duration_ms": 1.0}},
		"aianalysis.approval.decision": {audit.Approval(analysis("Analyzing"), required), "success",
			map[string]any{"decision": "requires_approval", "auto_approved": false, "workflow_id": "w", "confidence": 0.9}},
		"aianalysis.error.occurred": {audit.Failure(analysis("Investigating"), "Investigating", errors.New("no")), "failure",
			map[string]any{"phase": "Investigating", "error_message": "no"}},
		"aianalysis.analysis.completed": {end(g, "Completed"), "success", map[string]any{"phase": "Completed", "workflow_id": "w"}},
		"aianalysis.analysis.failed":    {end(g, "Failed"), "failure", map[string]any{"phase": "Failed", "sub_reason": "MaxRetriesExceeded"}},
	} {
		t.Run(kind, func(t *testing.T) {
			g := NewWithT(t)
			var event map[string]any
			g.Expect(json.Unmarshal([]byte(row.document), &event)).To(Succeed())
			for name, value := range map[string]any{"event_type": kind, "event_outcome": row.outcome, "correlation_id": "rr",
				"event_category": "analysis", "resource_id": "aa", "namespace": "ns", "version": "1.0"} {
				g.Expect(event).To(HaveKeyWithValue(name, value))
			}
			for name, value := range row.data {
				g.Expect(event["event_data"]).To(HaveKeyWithValue(name, value))
			}
		})
	}
}

func TestFailureCarriesItsDetails(t *testing.T) {
	g := NewWithT(t)
	var event struct {
		Data struct {
			Details struct {
				Message, Code, Component string
				Retry                    bool `json:"retry_possible"`
			} `json:"error_details"`
			Summary struct {
				Preview string `json:"analysis_preview"`
			} `json:"provider_response_summary"`
		} `json:"event_data"`
	}
	g.Expect(json.Unmarshal([]byte(end(g, "Failed")), &event)).To(Succeed())
	g.Expect(event.Data.Details.Message).To(Equal("gone"))
	g.Expect(event.Data.Details.Code).To(Equal("MaxRetriesExceeded"))
	g.Expect(event.Data.Details.Component).To(Equal("aianalysis"))
	g.Expect(event.Data.Details.Retry).To(BeTrue())
	g.Expect(event.Data.Summary.Preview).To(Equal(strings.Repeat("ä", 500)))
}

func TestAnAnalysisUnderWayHasNoEnd(t *testing.T) {
	_, err := audit.End(analysis("Analyzing"))
	NewWithT(t).Expect(err).To(MatchError(ContainSubstring("has not ended")))
}

// dataStorage answers each batch with a status and these outcomes.
func dataStorage(t *testing.T, status int, outcomes ...string) *audit.Store {
	t.Helper()
	g := NewWithT(t)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		g.Expect(r.Header.Get("Authorization")).To(Equal("Bearer secret"))
		results := make([]map[string]string, 0, len(outcomes))
		for _, outcome := range outcomes {
			results = append(results, map[string]string{"outcome": outcome, "reason": "because"})
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		answer, _ := json.Marshal(map[string]any{"event_ids": []string{}, "message": "m", "results": results})
		_, _ = fmt.Fprint(w, string(answer))
	}))
	t.Cleanup(server.Close)
	file := filepath.Join(t.TempDir(), "token")
	g.Expect(os.WriteFile(file, []byte("secret"), 0o600)).To(Succeed())
	store, err := audit.NewStore(server.URL, file, time.Minute)
	g.Expect(err).NotTo(HaveOccurred())
	return store
}

func TestStoredAndRepeatedEventsAreDelivered(t *testing.T) {
	g := NewWithT(t)
	one, two := audit.Transition(analysis(""), "", "Pending"), audit.Transition(analysis(""), "", "Pending")
	refused, err := dataStorage(t, http.StatusCreated, "stored", "repeated").Deliver(t.Context(), []string{one, two})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(refused).To(BeEmpty())
}

func TestEventsThatAreNeverTakenAreNamed(t *testing.T) {
	g := NewWithT(t)
	one, two := audit.Transition(analysis(""), "", "Pending"), audit.Transition(analysis(""), "", "Pending")
	refused, err := dataStorage(t, http.StatusMultiStatus, "conflict", "refused").Deliver(t.Context(), []string{one, "nonsense", two})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(refused).To(HaveLen(3))
	g.Expect(refused[0].Reason).To(ContainSubstring("not an event"))
	g.Expect(refused[1]).To(Equal(audit.Refusal{Event: one, Reason: "conflict: because"}))
	g.Expect(refused[2]).To(Equal(audit.Refusal{Event: two, Reason: "refused: because"}))
}

func TestAnythingElseIsNotDelivered(t *testing.T) {
	event := audit.Transition(analysis(""), "", "Pending")
	for name, row := range map[string]struct {
		store   *audit.Store
		message string
	}{
		"unavailable": {dataStorage(t, http.StatusServiceUnavailable), "HTTP 503"},
		"too few":     {dataStorage(t, http.StatusCreated), "0 results to 1 events"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := row.store.Deliver(t.Context(), []string{event})
			NewWithT(t).Expect(err).To(MatchError(ContainSubstring(row.message)))
		})
	}
}

package investigation_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/jordigilh/kubernaut/api/aianalysis/v1alpha1"
	"github.com/jordigilh/kubernaut/internal/aianalysis/investigation"
)

// seen is what the fake HolmesGPT was asked.
type seen struct {
	path, key, bearer string
	body              map[string]any
}

// holmes answers each request with a status and a body.
func holmes(t *testing.T, status int, answer string, header http.Header) (*investigation.Client, *seen) {
	t.Helper()
	g, asked := NewWithT(t), &seen{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.path, asked.key, asked.bearer = r.URL.Path, r.Header.Get("Idempotency-Key"), r.Header.Get("Authorization")
		_ = json.NewDecoder(r.Body).Decode(&asked.body)
		w.Header().Set("Content-Type", "application/json")
		for name := range header {
			w.Header().Set(name, header.Get(name))
		}
		w.WriteHeader(status)
		_, _ = fmt.Fprint(w, answer)
	}))
	t.Cleanup(server.Close)
	file := filepath.Join(t.TempDir(), "token")
	g.Expect(os.WriteFile(file, []byte("secret\n"), 0o600)).To(Succeed())
	client, err := investigation.NewClient(server.URL, file)
	g.Expect(err).NotTo(HaveOccurred())
	return client, asked
}

func analysis() *v1alpha1.AIAnalysis {
	return &v1alpha1.AIAnalysis{
		ObjectMeta: metav1.ObjectMeta{Name: "aa", UID: "the-uid"},
		Spec: v1alpha1.AIAnalysisSpec{
			RemediationRequestRef: corev1.ObjectReference{Name: "rr"}, RemediationID: "unused",
			AnalysisRequest: v1alpha1.AnalysisRequest{SignalContext: v1alpha1.SignalContext{
				SignalType: "OOMKilled", Severity: "high", Environment: "staging", BusinessPriority: "P1",
				TargetResource: v1alpha1.TargetResource{Kind: "Pod", Name: "cart-0", Namespace: "shop"},
				EnrichmentResults: v1alpha1.EnrichmentResults{
					KubernetesContext: &v1alpha1.KubernetesContext{Namespace: "shop",
						PodDetails: &apiextensionsv1.JSON{Raw: []byte(`{"phase":"Running"}`)}},
					DetectedLabels: &v1alpha1.DetectedLabels{Stateful: true},
					OwnerChain:     []v1alpha1.OwnerChainEntry{{Kind: "StatefulSet", Name: "cart"}},
					CustomLabels:   map[string][]string{"risk_tolerance": {"low", "high"}},
				},
			}},
		},
	}
}

const incidentAnswer = `{"incident_id":"aa","analysis":"text","timestamp":"2030-01-02T03:04:05Z",
"root_cause_analysis":{"summary":"limit","severity":"catastrophic","contributing_factors":["load"]},
"confidence":0.9,"needs_human_review":false,"target_in_owner_chain":true,"warnings":["w"],
"selected_workflow":{"workflow_id":"w1","version":"1.0.0","container_image":"i","confidence":0.9,"rationale":"fits","parameters":{"A":"x","B":2}},
"alternative_workflows":[{"workflow_id":"w2","confidence":0.4,"rationale":"less"}],
"validation_attempts_history":[{"attempt":1,"is_valid":true,"errors":[],"timestamp":"2030-01-02T03:04:05Z"}]}`

const recoveryAnswer = `{"incident_id":"aa","can_recover":true,"analysis_confidence":0.8,"strategies":[],"warnings":[],"metadata":{},
"needs_human_review":true,"human_review_reason":"rca_incomplete","alternative_workflows":[],
"recovery_analysis":{"previous_attempt_assessment":{"failure_understood":true,"failure_reason_analysis":"because","state_changed":true,"current_signal_type":"Other"}}}`

func TestIncidentIsAskedWithAllThatTheObjectHas(t *testing.T) {
	g := NewWithT(t)
	client, asked := holmes(t, http.StatusOK, incidentAnswer, nil)
	found, err := client.Investigate(t.Context(), analysis())
	g.Expect(err).NotTo(HaveOccurred())

	g.Expect(asked.path).To(Equal(investigation.IncidentEndpoint))
	g.Expect(asked.key).To(Equal("the-uid"))
	g.Expect(asked.bearer).To(Equal("Bearer secret"))
	for field, value := range map[string]any{"incident_id": "aa", "remediation_id": "rr", "priority": "P1", "risk_tolerance": "low",
		"business_category": "standard", "cluster_name": "default", "signal_source": "kubernaut"} {
		g.Expect(asked.body).To(HaveKeyWithValue(field, value))
	}
	enriched := asked.body["enrichment_results"].(map[string]any)
	g.Expect(enriched["kubernetesContext"]).To(HaveKeyWithValue("podDetails", map[string]any{"phase": "Running"}))
	g.Expect(enriched["kubernetesContext"]).To(HaveKey("ownerChain"))
	g.Expect(enriched["detectedLabels"]).To(HaveKeyWithValue("stateful", true))

	g.Expect(found.Cause.Severity).To(Equal(v1alpha1.Severity("unknown")))
	g.Expect(found.Workflow.Parameters).To(Equal(map[string]string{"A": "x", "B": "2"}))
	g.Expect(found.Alternatives).To(HaveLen(1))
	g.Expect(found.Attempts).To(HaveLen(1))
	g.Expect(found.TargetInOwnerChain).To(HaveValue(BeTrue()))
	g.Expect(found.Recovery).To(BeNil())
}

func TestRecoveryIsAskedWithTheLastExecution(t *testing.T) {
	g := NewWithT(t)
	client, asked := holmes(t, http.StatusOK, recoveryAnswer, nil)
	again, attempt, exit := analysis(), int32(2), int32(137)
	again.Spec.IsRecoveryAttempt, again.Spec.RecoveryAttemptNumber = true, &attempt
	failed := metav1.NewTime(time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC))
	again.Spec.PreviousExecutions = []v1alpha1.PreviousExecution{{WorkflowExecutionRef: "first"}, {WorkflowExecutionRef: "last",
		SelectedWorkflow: v1alpha1.PreviousWorkflow{WorkflowID: "w", Parameters: map[string]string{"A": "b"}},
		Failure:          v1alpha1.ExecutionFailure{Reason: "r", Message: "m", ExitCode: &exit, FailedAt: &failed}}}
	found, err := client.Investigate(t.Context(), again)
	g.Expect(err).NotTo(HaveOccurred())

	g.Expect(asked.path).To(Equal(investigation.RecoveryEndpoint))
	g.Expect(asked.body).To(HaveKeyWithValue("recovery_attempt_number", 2.0))
	previous := asked.body["previous_execution"].(map[string]any)
	g.Expect(previous).To(HaveKeyWithValue("workflow_execution_ref", "last"))
	g.Expect(previous["failure"]).To(HaveKeyWithValue("failed_at", "2030-01-02T03:04:05Z"))
	g.Expect(previous["failure"]).To(HaveKeyWithValue("exit_code", 137.0))
	g.Expect(found.Recovery.Possible).To(BeTrue())
	g.Expect(found.Recovery.Status.StateChanged).To(BeTrue())
	g.Expect(found.Recovery.Status.CurrentSignalType).To(Equal("Other"))
	g.Expect(found.Recovery.Status.PreviousAttemptAssessment.FailureUnderstood).To(BeTrue())
	g.Expect(found.Reason).To(Equal(v1alpha1.HumanReviewReason("rca_incomplete")))
}

func TestRepliesAreClassifiedByStatus(t *testing.T) {
	for status, class := range map[int]investigation.Class{
		400: investigation.Permanent, 401: investigation.Authentication, 403: investigation.Authorization,
		404: investigation.Configuration, 409: investigation.Permanent, 413: investigation.Permanent,
		422: investigation.Permanent, 429: investigation.RateLimit, 418: investigation.Transient,
		500: investigation.Transient, 502: investigation.Transient, 503: investigation.Transient, 504: investigation.Transient,
		302: investigation.Transient,
	} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			g := NewWithT(t)
			client, _ := holmes(t, status, `{"title":"Bad","detail":"because"}`, http.Header{"Retry-After": {"7"}})
			_, err := client.Investigate(t.Context(), analysis())
			g.Expect(investigation.Classify(err)).To(Equal(class))
			g.Expect(investigation.StatusOf(err)).To(Equal(status))
			g.Expect(investigation.RetryAfter(err)).To(Equal(7 * time.Second))
			g.Expect(err).To(MatchError(ContainSubstring(fmt.Sprintf("HTTP %d: Bad: because", status))))
		})
	}
}

func TestFailuresWithoutAReplyAreClassified(t *testing.T) {
	g := NewWithT(t)
	ended, cancel := context.WithTimeout(t.Context(), time.Nanosecond)
	defer cancel()
	client, _ := holmes(t, http.StatusOK, incidentAnswer, nil)
	_, late := client.Investigate(ended, analysis())
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	file := filepath.Join(t.TempDir(), "token")
	tokenless, err := investigation.NewClient(gone.URL, file)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(os.WriteFile(file, nil, 0o600)).To(Succeed())
	_, empty := tokenless.Investigate(t.Context(), analysis())
	g.Expect(empty).To(MatchError(ContainSubstring("is empty")))

	g.Expect(investigation.Classify(late)).To(Equal(investigation.Timeout))
	g.Expect(investigation.StatusOf(late)).To(BeZero())
	g.Expect(investigation.Classify(errors.New("other"))).To(Equal(investigation.Permanent))
	for _, class := range []investigation.Class{investigation.Timeout, investigation.Network, investigation.RateLimit, investigation.Transient} {
		g.Expect(class.Retryable()).To(BeTrue(), string(class))
	}
	for _, class := range []investigation.Class{investigation.Permanent, investigation.Authentication, investigation.Authorization, investigation.Configuration} {
		g.Expect(class.Retryable()).To(BeFalse(), string(class))
	}
	g.Expect(investigation.StatusOf(nil)).To(Equal(http.StatusOK))
}

func TestAServerThatIsNotThereIsANetworkError(t *testing.T) {
	g := NewWithT(t)
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	file := filepath.Join(t.TempDir(), "token")
	g.Expect(os.WriteFile(file, []byte("secret"), 0o600)).To(Succeed())
	client, err := investigation.NewClient(gone.URL, file)
	g.Expect(err).NotTo(HaveOccurred())
	_, err = client.Investigate(t.Context(), analysis())
	g.Expect(investigation.Classify(err)).To(Equal(investigation.Network))
	g.Expect(investigation.RetryAfter(err)).To(BeZero())
}

package contract_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	client "github.com/jordigilh/kubernaut/pkg/holmesgpt/client"
	"github.com/jordigilh/kubernaut/test/infrastructure/addr"
	"github.com/jordigilh/kubernaut/test/infrastructure/datastorage"
	"github.com/jordigilh/kubernaut/test/infrastructure/process"
	"github.com/jordigilh/kubernaut/test/infrastructure/seed"
	"github.com/jordigilh/kubernaut/test/infrastructure/service"
	"github.com/jordigilh/kubernaut/test/workflows"
)

const delivery = 30 * time.Second

type good struct{}

func (good) BearerAuth(context.Context, client.OperationName) (client.BearerAuth, error) {
	return client.BearerAuth{Token: "good"}, nil
}

// hapi starts the service with an LLM that always gives this answer.
func hapi(t *testing.T, g *WithT, store datastorage.Server, answer map[string]any) *client.Client {
	root, err := filepath.Abs("../..")
	g.Expect(err).NotTo(HaveOccurred())
	text, err := json.Marshal(answer)
	g.Expect(err).NotTo(HaveOccurred())
	listener, err := addr.Listen(0)
	g.Expect(err).NotTo(HaveOccurred())
	dir := t.TempDir()
	p, err := process.Launch(process.Spec{Name: "holmesgpt-api", Path: filepath.Join(root, ".venv", "bin", "python"),
		Args: []string{filepath.Join(root, "holmesgpt-api", "tests", "unit", "serve.py"), string(text), "3"},
		Env: []string{"DATA_STORAGE_URL=" + store.URL, "DATA_STORAGE_TOKEN_FILE=" + store.TokenFile,
			"LLM_ENDPOINT=http://llm.invalid/v1", "HAPI_OUTBOX_PATH=" + filepath.Join(dir, "outbox")},
		Dir: root, LogPath: filepath.Join(dir, "log"), Files: []*os.File{listener.File}})
	g.Expect(err).NotTo(HaveOccurred())
	t.Cleanup(func() { g.Expect(p.Stop(context.Background())).To(Succeed()) })
	g.Expect(listener.Close()).To(Succeed())
	running := &service.Service{URL: listener.URL(), Process: p}
	g.Expect(running.WaitReady(t.Context(), "/health/ready")).To(Succeed())
	made, err := client.NewClient(running.URL, good{})
	g.Expect(err).NotTo(HaveOccurred())
	return made
}

func incident(id, signal string) *client.IncidentRequest {
	return &client.IncidentRequest{IncidentID: id, RemediationID: id, SignalType: signal, Severity: "critical",
		SignalSource: "prometheus", ResourceNamespace: "shop", ResourceKind: "Pod", ResourceName: "cart",
		ErrorMessage: "killed", Environment: "production", Priority: "P0", RiskTolerance: "medium",
		BusinessCategory: "standard", ClusterName: "c1"}
}

// chosen is an LLM's answer that selects a workflow with these parameters.
func chosen(id string, parameters map[string]any) map[string]any {
	return map[string]any{"confidence": 0.9, "root_cause_analysis": map[string]any{"summary": "s", "severity": "critical",
		"contributing_factors": []string{"traffic"}}, "selected_workflow": map[string]any{"workflow_id": id,
		"confidence": 0.9, "rationale": "fits", "parameters": parameters}}
}

func TestAnswersAndTheirTrailAreReadByTheGeneratedClients(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	store := datastorage.Start(t)
	catalogue, err := seed.NewClient(store.URL, store.TokenFile)
	g.Expect(err).NotTo(HaveOccurred())
	list, err := workflows.All()
	g.Expect(err).NotTo(HaveOccurred())
	seeded, err := seed.Seed(t.Context(), catalogue, list, seed.Options{})
	g.Expect(err).NotTo(HaveOccurred())
	w := list[0]
	parameters := map[string]any{}
	for _, p := range w.Parameters {
		parameters[p.Name] = p.Default
	}
	asked := hapi(t, g, store, chosen(seeded.IDs[w.Name], parameters))

	answered, err := asked.AnalyzeIncident(t.Context(), incident("inc-1", w.Labels.SignalType), client.AnalyzeIncidentParams{})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(answered).To(BeAssignableToTypeOf(&client.IncidentResponse{}))
	recovered, err := asked.AnalyzeRecovery(t.Context(), &client.RecoveryRequest{IncidentID: "inc-2", RemediationID: "inc-2"}, client.AnalyzeRecoveryParams{})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(recovered).To(BeAssignableToTypeOf(&client.RecoveryResponse{}))
	refused, err := asked.AnalyzeRecovery(t.Context(), &client.RecoveryRequest{IncidentID: "inc-3", RemediationID: "inc-3",
		IsRecoveryAttempt: client.NewOptBool(true)}, client.AnalyzeRecoveryParams{})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(refused).To(BeAssignableToTypeOf(&client.AnalyzeRecoveryBadRequest{}))
	ready, err := asked.GetReady(t.Context())
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(fmt.Sprintf("%T", ready)).To(Equal("*client.Health"))

	noted := []string{"llm_request", "llm_response", "workflow_validation_attempt"}
	for correlation, wanted := range map[string][]string{"inc-1": append(slices.Clone(noted), "holmesgpt.response.complete"), "inc-2": noted} {
		g.Eventually(func(inner Gomega) {
			var types []string
			for _, one := range stored(t, g, store, correlation) {
				inner.Expect(one.EventData.Type).To(BeEquivalentTo(one.EventType))
				types = append(types, string(one.EventType))
			}
			inner.Expect(types).To(ConsistOf(wanted))
		}).WithTimeout(delivery).Should(Succeed(), correlation)
	}
}

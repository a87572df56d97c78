package contract_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/google/uuid"
	. "github.com/onsi/gomega"

	ogenclient "github.com/jordigilh/kubernaut/pkg/datastorage/ogen-client"
	"github.com/jordigilh/kubernaut/test/infrastructure/datastorage"
	"github.com/jordigilh/kubernaut/test/infrastructure/seed"
	"github.com/jordigilh/kubernaut/test/workflows"
)

// payloadsFile has one event_data of each type; Python's tests read it, too.
const payloadsFile = "../../datastorage/tests/payloads.json"

// nullable may be null in an event, which is the same as nothing.
var nullable = []string{"actor_type", "actor_id", "resource_type", "resource_id", "parent_event_id",
	"namespace", "cluster_name", "severity", "duration_ms"}

func event(data map[string]any, correlation string) map[string]any {
	return map[string]any{"event_id": uuid.Must(uuid.NewV7()), "version": "1.0", "event_type": data["event_type"],
		"event_timestamp": time.Now().UTC(), "event_category": "aiagent", "event_action": "act",
		"event_outcome": "success", "correlation_id": correlation, "event_data": data}
}

func payloads(g *WithT) map[string]map[string]any {
	text, err := os.ReadFile(payloadsFile)
	g.Expect(err).NotTo(HaveOccurred())
	var all map[string]map[string]any
	g.Expect(json.Unmarshal(text, &all)).To(Succeed())
	for name, data := range all {
		data["event_type"] = name
	}
	return all
}

func post(g *WithT, store datastorage.Server, path string, body any) {
	text, err := json.Marshal(body)
	g.Expect(err).NotTo(HaveOccurred())
	request, err := http.NewRequest(http.MethodPost, store.URL+path, bytes.NewReader(text))
	g.Expect(err).NotTo(HaveOccurred())
	token, err := os.ReadFile(store.TokenFile)
	g.Expect(err).NotTo(HaveOccurred())
	request.Header.Set("Authorization", "Bearer "+string(token))
	response, err := http.DefaultClient.Do(request)
	g.Expect(err).NotTo(HaveOccurred())
	defer response.Body.Close()
	g.Expect(response).To(HaveHTTPStatus(http.StatusCreated))
}

// stored reads all events of a correlation id with the generated client; an
// event that it cannot decode is an error of the whole page.
func stored(t *testing.T, g *WithT, store datastorage.Server, correlation string) []ogenclient.AuditEvent {
	client, err := seed.NewClient(store.URL, store.TokenFile)
	g.Expect(err).NotTo(HaveOccurred())
	params := ogenclient.ListAuditEventsParams{}
	if correlation != "" {
		params.CorrelationID = ogenclient.NewOptString(correlation)
	}
	answer, err := client.ListAuditEvents(t.Context(), params)
	g.Expect(err).NotTo(HaveOccurred())
	list, ok := answer.(*ogenclient.AuditEventList)
	g.Expect(ok).To(BeTrue(), "%T", answer)
	return list.Data
}

func TestEveryStoredTypeIsReadByTheGeneratedClient(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	store := datastorage.Start(t)
	all := payloads(g)
	for name, data := range all {
		without := event(data, name)
		for _, field := range nullable {
			without[field] = nil
		}
		post(g, store, "/api/v1/audit/events/batch", []any{event(data, name), without})
	}

	for name := range all {
		found := stored(t, g, store, name)
		g.Expect(found).To(HaveLen(2), name)
		for _, one := range found {
			g.Expect(one.EventType).To(BeEquivalentTo(name))
			g.Expect(one.EventData.Type).To(BeEquivalentTo(name))
			again, err := one.EventData.MarshalJSON()
			g.Expect(err).NotTo(HaveOccurred())
			sent, err := json.Marshal(all[name])
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(again).To(MatchJSON(sent), "nothing is lost on the way through the client")
		}
	}
	g.Expect(stored(t, g, store, "")).To(HaveLen(2 * len(all)))
}

func TestCatalogueAndItsOwnEventsAreReadByTheGeneratedClient(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	store := datastorage.Start(t)
	client, err := seed.NewClient(store.URL, store.TokenFile)
	g.Expect(err).NotTo(HaveOccurred())
	list, err := workflows.All()
	g.Expect(err).NotTo(HaveOccurred())
	seeded, err := seed.Seed(t.Context(), client, list, seed.Options{})
	g.Expect(err).NotTo(HaveOccurred())

	for _, w := range list {
		answer, err := client.SearchWorkflows(t.Context(), &ogenclient.SearchRequest{
			RemediationID: ogenclient.NewOptString("rem-1"),
			Filters: ogenclient.SearchFilters{SignalType: w.Labels.SignalType, Severity: ogenclient.Severity(w.Labels.Severity),
				Component: w.Labels.Component, Environment: w.Labels.Environment[0], Priority: ogenclient.SearchFiltersPriority(w.Labels.Priority)}})
		g.Expect(err).NotTo(HaveOccurred())
		found, ok := answer.(*ogenclient.SearchResponse)
		g.Expect(ok).To(BeTrue(), "%T", answer)
		g.Expect(found.TotalResults).To(BeNumerically(">=", 1), w.Name)
		versions, err := client.ListWorkflowVersions(t.Context(), ogenclient.ListWorkflowVersionsParams{WorkflowName: w.Name})
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(versions).To(BeAssignableToTypeOf(&ogenclient.WorkflowVersions{}))
		one, err := client.GetWorkflow(t.Context(), ogenclient.GetWorkflowParams{WorkflowID: seeded.IDs[w.Name]})
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(one).To(BeAssignableToTypeOf(&ogenclient.RemediationWorkflow{}))
	}
	g.Expect(stored(t, g, store, "rem-1")).To(HaveLen(len(list)))
	g.Expect(stored(t, g, store, "")).To(HaveLen(2 * len(list)))
}

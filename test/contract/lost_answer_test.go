package contract_test

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/jordigilh/kubernaut/pkg/holmesgpt/client"
	"github.com/jordigilh/kubernaut/test/infrastructure/datastorage"
)

// TestAnswerThatIsLostAfterTheCommitStoresNothingTwice drops DataStorage's first
// three answers to HAPI's batches after they were stored.
func TestAnswerThatIsLostAfterTheCommitStoresNothingTwice(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	store := datastorage.Start(t)
	target, err := url.Parse(store.URL)
	g.Expect(err).NotTo(HaveOccurred())
	through := httputil.NewSingleHostReverseProxy(target)
	const lost = 3
	var batches, answered atomic.Int64
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasSuffix(r.URL.Path, "/events/batch") {
			through.ServeHTTP(w, r)
			return
		}
		if batches.Add(1) <= lost {
			through.ServeHTTP(httptest.NewRecorder(), r)
			panic(http.ErrAbortHandler)
		}
		through.ServeHTTP(w, r)
		answered.Add(1)
	}))
	t.Cleanup(proxy.Close)
	asked := hapi(t, g, datastorage.Server{URL: proxy.URL, TokenFile: store.TokenFile}, map[string]any{
		"confidence": 0.9, "root_cause_analysis": map[string]any{"summary": "s", "severity": "low", "contributing_factors": []string{}},
		"investigation_outcome": "resolved"})

	_, err = asked.AnalyzeIncident(t.Context(), incident("inc-1", "OOMKilled"), client.AnalyzeIncidentParams{})
	g.Expect(err).NotTo(HaveOccurred())

	g.Eventually(answered.Load).WithTimeout(delivery).Should(BeEquivalentTo(1))
	g.Expect(batches.Load()).To(BeEquivalentTo(lost + 1))
	types := []string{}
	for _, one := range stored(t, g, store, "inc-1") {
		types = append(types, string(one.EventType))
	}
	g.Expect(types).To(ConsistOf("llm_request", "llm_response", "workflow_validation_attempt", "holmesgpt.response.complete"))
}

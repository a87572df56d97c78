package aianalysis

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/google/uuid"
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	hapi "github.com/jordigilh/kubernaut/pkg/holmesgpt/client"
)

func incident(signal string) *hapi.IncidentRequest {
	id := uuid.NewString()
	return &hapi.IncidentRequest{IncidentID: "inc-" + id, RemediationID: "rem-" + id, SignalType: signal, Severity: "high",
		SignalSource: "kubernaut", ResourceNamespace: "shop", ResourceKind: "Pod", ResourceName: "cart-0",
		Environment: "staging", Priority: "P1", RiskTolerance: "medium", BusinessCategory: "standard", ClusterName: "default"}
}

// The contract that the controller relies on.
var _ = Describe("HolmesGPT API", func() {
	under := func(key string) hapi.AnalyzeIncidentParams {
		return hapi.AnalyzeIncidentParams{IdempotencyKey: hapi.NewOptString(key)}
	}

	It("makes one investigation of requests with one key", func(ctx SpecContext) {
		request, key := incident("OOMKilled"), uuid.NewString()
		answers := make([]hapi.AnalyzeIncidentRes, 8)
		var calls sync.WaitGroup
		for i := range answers {
			calls.Go(func() {
				defer GinkgoRecover()
				var err error
				answers[i], err = world.hapi.AnalyzeIncident(ctx, request, under(key))
				Expect(err).NotTo(HaveOccurred())
			})
		}
		calls.Wait()

		for _, answer := range answers {
			Expect(answer).To(Equal(answers[0]))
			Expect(answer).To(BeAssignableToTypeOf(&hapi.IncidentResponse{}))
		}
		Eventually(ctx, func() int { return investigations(ctx, request.RemediationID) }).WithTimeout(patience).Should(Equal(1))
		later, err := world.hapi.AnalyzeIncident(ctx, request, under(key))
		Expect(err).NotTo(HaveOccurred())
		Expect(later).To(Equal(answers[0]))
		Expect(investigations(ctx, request.RemediationID)).To(Equal(1))
	})

	It("refuses a key for another body", func(ctx SpecContext) {
		key := uuid.NewString()
		_, err := world.hapi.AnalyzeIncident(ctx, incident("OOMKilled"), under(key))
		Expect(err).NotTo(HaveOccurred())

		answer, err := world.hapi.AnalyzeIncident(ctx, incident("OOMKilled"), under(key))
		Expect(err).NotTo(HaveOccurred())
		Expect(answer).To(BeAssignableToTypeOf(&hapi.AnalyzeIncidentConflict{}))
	})

	It("investigates twice without a key", func(ctx SpecContext) {
		request := incident("OOMKilled")
		for range 2 {
			_, err := world.hapi.AnalyzeIncident(ctx, request, hapi.AnalyzeIncidentParams{})
			Expect(err).NotTo(HaveOccurred())
		}
		Eventually(ctx, func() int { return investigations(ctx, request.RemediationID) }).WithTimeout(patience).Should(Equal(2))
	})

	It("is given up by a caller whose time is up", func(ctx SpecContext) {
		limited, cancel := context.WithTimeout(ctx, time.Nanosecond)
		defer cancel()
		_, err := world.hapi.AnalyzeIncident(limited, incident("OOMKilled"), hapi.AnalyzeIncidentParams{})
		Expect(errors.Is(err, context.DeadlineExceeded)).To(BeTrue(), "%v", err)
	})
})

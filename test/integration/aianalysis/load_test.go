package aianalysis

import (
	"context"
	"sync"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/jordigilh/kubernaut/api/aianalysis/v1alpha1"
	ogenclient "github.com/jordigilh/kubernaut/pkg/datastorage/ogen-client"
)

const many = 200

var _ = Describe("load", func() {
	It("loses none of 200 analyses at once, and investigates each once", Label("load"), func(ctx SpecContext) {
		place := namespace(ctx)
		lead(place, nil)
		asked := map[string]bool{}
		var creations sync.WaitGroup
		for range many {
			made := analysis("CrashLoopBackOff", in(place))
			asked[made.CorrelationID()] = true
			creations.Go(func() {
				defer GinkgoRecover()
				created(ctx, made)
			})
		}
		creations.Wait()

		Eventually(ctx, func(g Gomega) {
			list := &v1alpha1.AIAnalysisList{}
			g.Expect(world.api.List(ctx, list, client.InNamespace(place))).To(Succeed())
			g.Expect(list.Items).To(HaveLen(many))
			for _, one := range list.Items {
				g.Expect(one.Status.Phase).To(Equal(v1alpha1.PhaseCompleted), "%s: %s", one.Name, one.Status.Message)
				g.Expect(one.Status.PendingAuditEvents).To(BeEmpty())
			}
		}).WithTimeout(5 * patience).WithPolling(10 * glance).Should(Succeed())
		Eventually(ctx, func() map[string]int { return completed(ctx, asked) }).WithTimeout(patience).Should(HaveLen(many))
		for remediation, times := range completed(ctx, asked) {
			Expect(times).To(Equal(1), remediation)
		}
	})
})

// completed counts HolmesGPT's investigations of these remediations.
func completed(ctx context.Context, asked map[string]bool) map[string]int {
	found := map[string]int{}
	cursor := ogenclient.OptString{}
	for {
		answer, err := world.trail.ListAuditEvents(ctx, ogenclient.ListAuditEventsParams{
			EventType: ogenclient.NewOptString(string(ogenclient.EventTypeHolmesgptResponseComplete)),
			Since:     ogenclient.NewOptString("1h"), Limit: ogenclient.NewOptInt(1000), Cursor: cursor,
		})
		Expect(err).NotTo(HaveOccurred())
		list, is := answer.(*ogenclient.AuditEventList)
		Expect(is).To(BeTrue(), "DataStorage answered with %T", answer)
		for _, event := range list.Data {
			if asked[event.CorrelationID] {
				found[event.CorrelationID]++
			}
		}
		if cursor = list.Pagination.NextCursor; !cursor.Set {
			return found
		}
	}
}

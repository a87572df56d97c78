package aianalysis

import (
	"os"
	"path/filepath"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/jordigilh/kubernaut/api/aianalysis/v1alpha1"
	"github.com/jordigilh/kubernaut/internal/aianalysis/manager"
	"github.com/jordigilh/kubernaut/internal/aianalysis/phases"
	ogenclient "github.com/jordigilh/kubernaut/pkg/datastorage/ogen-client"
	"github.com/jordigilh/kubernaut/test/infrastructure/kube"
	"github.com/jordigilh/kubernaut/test/infrastructure/stack"
)

var _ = Describe("faults", func() {
	It("shows that HolmesGPT is away, and goes on when it is back", func(ctx SpecContext) {
		place, way := namespace(ctx), newGate(world.HolmesGPTURL)
		way.lock()
		// Slow enough that the gate opens before the fifth failure.
		lead(place, func(o *manager.Options) { o.HolmesGPTURL, o.RetryBase = way.URL(), 500*time.Millisecond })
		known := created(ctx, analysis("CrashLoopBackOff", in(place)))

		Eventually(ctx, func(g Gomega) {
			status := fresh(ctx, known).Status
			condition := meta.FindStatusCondition(status.Conditions, v1alpha1.ConditionInvestigationComplete)
			g.Expect(condition).NotTo(BeNil())
			g.Expect(condition.Status).To(Equal(metav1.ConditionFalse))
			g.Expect(condition.Reason).To(Equal(phases.HolmesGPTUnavailable))
			g.Expect(condition.Message).To(ContainSubstring("connection refused"))
			g.Expect(status.Reason).To(Equal(v1alpha1.ReasonTransientError))
			g.Expect(status.Message).To(HavePrefix("Transient error (attempt "))
			g.Expect(status.NextAttemptAt).NotTo(BeNil())
		}).WithTimeout(patience).WithPolling(glance).Should(Succeed())
		Eventually(kubernetesEvents(ctx, known)).WithTimeout(patience).Should(ContainElement(phases.HolmesGPTUnavailable))
		way.unlock()

		status := settled(ctx, known).Status
		Expect(status.Phase).To(Equal(v1alpha1.PhaseCompleted), status.Message)
		Expect(status.ConsecutiveFailures).To(BeZero())
		Expect(status.Reason).To(BeEmpty())
		Expect(meta.IsStatusConditionTrue(status.Conditions, v1alpha1.ConditionInvestigationComplete)).To(BeTrue())
	})

	It("gives up when HolmesGPT stays away, after five calls that are no sooner than the back-off", func(ctx SpecContext) {
		place, way := namespace(ctx), newGate(world.HolmesGPTURL)
		way.lock()
		lead(place, func(o *manager.Options) { o.HolmesGPTURL = way.URL() })
		found := ended(ctx, analysis("CrashLoopBackOff", in(place)))

		Expect(found.Status.Phase).To(Equal(v1alpha1.PhaseFailed))
		Expect(found.Status.Reason).To(Equal(v1alpha1.ReasonAPIError))
		Expect(found.Status.SubReason).To(Equal(v1alpha1.SubReasonMaxRetriesExceeded))
		Expect(found.Status.ConsecutiveFailures).To(Equal(int32(5)))
		var calls []time.Time
		for _, event := range trail(ctx, found.CorrelationID(), ogenclient.EventCategoryAnalysis) {
			if payload, is := event.EventData.GetAIAnalysisHolmesGPTCallPayload(); is {
				Expect(payload.HTTPStatusCode).To(BeZero())
				calls = append(calls, made(event))
			}
		}
		Expect(calls).To(HaveLen(5))
		for i, pause := range []time.Duration{200, 400, 800, 1600} {
			Expect(calls[i+1].Sub(calls[i])).To(BeNumerically(">=", 9*pause*time.Millisecond/10), "pause %d", i+1)
		}
	})

	It("keeps the trail while DataStorage is away, and delivers it in order", func(ctx SpecContext) {
		place, way := namespace(ctx), newGate(world.DataStorageURL)
		way.lock()
		lead(place, func(o *manager.Options) { o.DataStorageURL = way.URL() })
		known := created(ctx, analysis("CrashLoopBackOff", in(place)))

		Eventually(ctx, func(g Gomega) {
			status := fresh(ctx, known).Status
			g.Expect(status.Phase).To(Equal(v1alpha1.PhaseCompleted))
			g.Expect(status.PendingAuditEvents).To(HaveLen(7))
			condition := meta.FindStatusCondition(status.Conditions, v1alpha1.ConditionAuditDelivered)
			g.Expect(condition).NotTo(BeNil())
			g.Expect(condition.Reason).To(Equal(phases.DataStorageUnavailable))
		}).WithTimeout(patience).WithPolling(glance).Should(Succeed())
		Expect(trail(ctx, known.CorrelationID(), ogenclient.EventCategoryAnalysis)).To(BeEmpty())
		way.unlock()

		found := settled(ctx, known)
		Expect(meta.IsStatusConditionTrue(found.Status.Conditions, v1alpha1.ConditionAuditDelivered)).To(BeTrue())
		told := story(trail(ctx, found.CorrelationID(), ogenclient.EventCategoryAnalysis))
		Expect(told).To(HaveLen(7))
		Expect(told[0]).To(Equal("aianalysis.phase.transition Pending Investigating"))
		Expect(told[6]).To(Equal("aianalysis.analysis.completed"))
	})

	It("delivers the trail after a restart, and no event twice", func(ctx SpecContext) {
		place, way := namespace(ctx), newGate(world.DataStorageURL)
		// DataStorage takes the events, and its answers do not arrive.
		release := way.hold()
		DeferCleanup(release)
		first := lead(place, func(o *manager.Options) { o.DataStorageURL, o.DataStorageTimeout = way.URL(), 300*time.Millisecond })
		known := created(ctx, analysis("CrashLoopBackOff", in(place)))
		Eventually(ctx, func() int { return len(trail(ctx, known.CorrelationID(), ogenclient.EventCategoryAnalysis)) }).
			WithTimeout(patience).WithPolling(glance).Should(Equal(7))
		first.stop()
		Expect(fresh(ctx, known).Status.PendingAuditEvents).To(HaveLen(7))

		lead(place, nil)
		settled(ctx, known)
		Expect(trail(ctx, known.CorrelationID(), ogenclient.EventCategoryAnalysis)).To(HaveLen(7))
	})

	It("lets the next manager finish what one was ended at, with one investigation", func(ctx SpecContext) {
		place, way := namespace(ctx), newGate(world.HolmesGPTURL)
		release := way.hold()
		DeferCleanup(release)
		first := lead(place, func(o *manager.Options) { o.HolmesGPTURL = way.URL() })
		known := created(ctx, analysis("OOMKilled", in(place)))
		Eventually(ctx, way.asked).WithTimeout(patience).Should(Receive())
		Eventually(ctx, func() int { return investigations(ctx, known.CorrelationID()) }).WithTimeout(patience).Should(Equal(1))
		first.stop()
		Expect(fresh(ctx, known).Status.Phase).To(Equal(v1alpha1.PhaseInvestigating))

		lead(place, nil)
		found := settled(ctx, known)
		Expect(found.Status.Phase).To(Equal(v1alpha1.PhaseCompleted))
		Expect(investigations(ctx, known.CorrelationID())).To(Equal(1))
	})

	It("lets one manager of two lead, and the other one go on", func(ctx SpecContext) {
		place := namespace(ctx)
		elected := func(o *manager.Options) { o.Lead, o.LeaseNamespace = true, "kubernaut-system" }
		first := lead(place, elected)
		Expect(ended(ctx, analysis("OOMKilled", in(place))).Status.Phase).To(Equal(v1alpha1.PhaseCompleted))
		second := lead(place, elected)
		Expect(ended(ctx, analysis("OOMKilled", in(place))).Status.Phase).To(Equal(v1alpha1.PhaseCompleted))
		Expect(count(second.metrics, "aianalysis_reconciler_reconciliations_total")).To(BeZero())

		first.stop()
		Expect(ended(ctx, analysis("OOMKilled", in(place))).Status.Phase).To(Equal(v1alpha1.PhaseCompleted))
		Expect(count(second.metrics, "aianalysis_reconciler_reconciliations_total")).To(BeNumerically(">", 0))
	})

	It("repeats a call that took longer than the object allows, and investigates once", func(ctx SpecContext) {
		place, way := namespace(ctx), newGate(world.HolmesGPTURL)
		release := way.hold()
		DeferCleanup(release)
		lead(place, func(o *manager.Options) { o.HolmesGPTURL = way.URL() })
		known := created(ctx, analysis("OOMKilled", in(place), func(a *v1alpha1.AIAnalysis) {
			a.Spec.TimeoutConfig = &v1alpha1.TimeoutConfig{InvestigatingTimeout: &metav1.Duration{Duration: 1500 * time.Millisecond}}
		}))
		Eventually(ctx, func() string { return fresh(ctx, known).Status.Message }).WithTimeout(patience).WithPolling(glance).
			Should(ContainSubstring("Timeout error"))
		release()

		found := settled(ctx, known)
		Expect(found.Status.Phase).To(Equal(v1alpha1.PhaseCompleted), found.Status.Message)
		Expect(investigations(ctx, known.CorrelationID())).To(Equal(1))
	})

	It("reads the token anew when it is rotated", func(ctx SpecContext) {
		place, file := namespace(ctx), filepath.Join(GinkgoT().TempDir(), "token")
		rotate := func() {
			token, err := world.kube.Token(ctx, world.Namespace, stack.ClientAccount, kube.Audience)
			Expect(err).NotTo(HaveOccurred())
			Expect(os.WriteFile(file, []byte(token), 0o600)).To(Succeed())
		}
		credential := func(signal string) string {
			found := ended(ctx, analysis(signal, in(place)))
			Expect(found.Status.Phase).To(Equal(v1alpha1.PhaseCompleted), found.Status.Message)
			events := trail(ctx, found.CorrelationID(), ogenclient.EventCategoryAnalysis)
			Expect(events).NotTo(BeEmpty())
			return events[0].RecordedBy.Value.CredentialID.Value
		}
		rotate()
		lead(place, func(o *manager.Options) { o.TokenFile = file })
		before := credential("OOMKilled")
		rotate()
		after := credential("OOMKilled")

		Expect(before).NotTo(BeEmpty())
		Expect(after).NotTo(Equal(before))
	})

	It("fails an analysis whose token is refused, and says so", func(ctx SpecContext) {
		place, file := namespace(ctx), filepath.Join(GinkgoT().TempDir(), "token")
		Expect(os.WriteFile(file, []byte("nobody's"), 0o600)).To(Succeed())
		lead(place, func(o *manager.Options) { o.TokenFile = file })
		known := created(ctx, analysis("OOMKilled", in(place)))

		Eventually(ctx, func() v1alpha1.Phase { return fresh(ctx, known).Status.Phase }).WithTimeout(patience).WithPolling(glance).
			Should(Equal(v1alpha1.PhaseFailed))
		status := fresh(ctx, known).Status
		Expect(status.SubReason).To(Equal(v1alpha1.SubReasonPermanentError))
		Expect(status.Message).To(ContainSubstring("Authentication error: "))
		Expect(os.WriteFile(file, []byte(read(world.TokenFile)), 0o600)).To(Succeed())
		settled(ctx, known)
	})
})

func read(path string) string {
	content, err := os.ReadFile(path)
	Expect(err).NotTo(HaveOccurred())
	return string(content)
}

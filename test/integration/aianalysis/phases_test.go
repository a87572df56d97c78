package aianalysis

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/watch"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/jordigilh/kubernaut/api/aianalysis/v1alpha1"
	"github.com/jordigilh/kubernaut/internal/aianalysis/controller"
)

var _ = Describe("phases", func() {
	It("leads an analysis through four phases to its end", func(ctx SpecContext) {
		made := analysis("CrashLoopBackOff")
		watcher, err := world.api.Watch(ctx, &v1alpha1.AIAnalysisList{}, client.InNamespace(made.Namespace),
			client.MatchingFields{"metadata.name": made.Name})
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(watcher.Stop)
		created(ctx, made)

		var seen []v1alpha1.Phase
		for len(seen) == 0 || seen[len(seen)-1] != v1alpha1.PhaseCompleted {
			var change watch.Event
			Eventually(ctx, watcher.ResultChan()).WithTimeout(patience).Should(Receive(&change))
			phase := change.Object.(*v1alpha1.AIAnalysis).Status.Phase
			if phase != "" && (len(seen) == 0 || seen[len(seen)-1] != phase) {
				seen = append(seen, phase)
			}
		}
		Expect(seen).To(Equal([]v1alpha1.Phase{"Pending", "Investigating", "Analyzing", "Completed"}))
	})

	It("keeps what HolmesGPT found", func(ctx SpecContext) {
		found := ended(ctx, analysis("CrashLoopBackOff"))

		Expect(found.Finalizers).To(ContainElement(controller.Finalizer))
		status := found.Status
		Expect(status.Phase).To(Equal(v1alpha1.PhaseCompleted))
		Expect(status.Message).To(Equal("Analysis complete"))
		Expect(status.SelectedWorkflow).NotTo(BeNil())
		Expect(status.SelectedWorkflow.WorkflowID).To(Equal(world.WorkflowIDs["crashloop-config-fix-v1"]))
		Expect(status.SelectedWorkflow.Confidence).To(BeNumerically("~", 0.88, 0.001))
		Expect(status.SelectedWorkflow.Version).To(Equal("1.0.0"))
		Expect(status.SelectedWorkflow.ContainerImage).To(ContainSubstring("/"))
		Expect(status.SelectedWorkflow.Parameters).To(HaveKeyWithValue("NAMESPACE", "shop"))
		Expect(status.RootCause).To(ContainSubstring("configuration is invalid"))
		Expect(status.RootCauseAnalysis.Severity).To(Equal(v1alpha1.Severity("high")))
		Expect(status.RootCauseAnalysis.ContributingFactors).NotTo(BeEmpty())
		Expect(status.TargetInOwnerChain).To(HaveValue(BeTrue()))
		Expect(status.InvestigationID).To(Equal(string(found.UID)))
		Expect(status.InvestigationTime).To(BeNumerically(">", 0))
		Expect(status.ObservedGeneration).To(Equal(found.Generation))
		Expect(status.CompletedAt.Time).NotTo(BeTemporally("<", status.StartedAt.Time))
		Expect(status.NeedsHumanReview).To(BeFalse())
		Expect(status.DegradedMode).To(BeFalse())
		for kind, holds := range map[string]bool{
			v1alpha1.ConditionInvestigationComplete: true, v1alpha1.ConditionAnalysisComplete: true,
			v1alpha1.ConditionWorkflowResolved: true, v1alpha1.ConditionApprovalRequired: false,
			v1alpha1.ConditionAuditDelivered: true,
		} {
			Expect(meta.IsStatusConditionTrue(status.Conditions, kind)).To(Equal(holds), kind)
			Expect(meta.FindStatusCondition(status.Conditions, kind)).NotTo(BeNil(), kind)
		}
		Eventually(kubernetesEvents(ctx, found)).WithTimeout(patience).Should(ConsistOf("AIAnalysisCreated", "AnalysisCompleted"))
	})

	It("lets a deleted analysis go", func(ctx SpecContext) {
		found := ended(ctx, analysis("CrashLoopBackOff"))
		Expect(world.api.Delete(ctx, found)).To(Succeed())

		Eventually(ctx, func() error { return world.api.Get(ctx, client.ObjectKeyFromObject(found), found) }).
			WithTimeout(patience).WithPolling(glance).Should(MatchError(ContainSubstring("not found")))
	})

	DescribeTable("asks a person where the policy says so",
		func(ctx SpecContext, signal string, level string, required bool, reason string, changes ...change) {
			status := ended(ctx, analysis(signal, changes...)).Status

			Expect(status.Phase).To(Equal(v1alpha1.PhaseCompleted), status.Message)
			Expect(status.ApprovalRequired).To(Equal(required))
			Expect(status.ApprovalReason).To(ContainSubstring(reason))
			if !required {
				Expect(status.ApprovalContext).To(BeNil())
				return
			}
			asked := status.ApprovalContext
			Expect(asked).NotTo(BeNil())
			Expect(asked.Reason).To(Equal(status.ApprovalReason))
			Expect(asked.WhyApprovalRequired).To(Equal(status.ApprovalReason))
			Expect(asked.ConfidenceScore).To(Equal(status.SelectedWorkflow.Confidence))
			Expect(asked.ConfidenceLevel).To(Equal(level))
			Expect(asked.InvestigationSummary).To(Equal(status.RootCause))
			Expect(asked.RecommendedActions).To(HaveLen(1))
			Expect(asked.RecommendedActions[0].Action).To(Equal(status.SelectedWorkflow.WorkflowID))
			Expect(asked.PolicyEvaluation.Decision).To(Equal("manual_review_required"))
		},
		Entry("production", "OOMKilled", "high", true, "Production environment requires", environment("production")),
		Entry("production, medium confidence", "AnythingElse", "medium", true, "Production environment requires", environment("production")),
		Entry("production, stateful", "OOMKilled", "high", true, "Stateful workload", environment("production"), detected(v1alpha1.DetectedLabels{Stateful: true})),
		Entry("production, failed detections", "OOMKilled", "high", true, "failed detections", environment("production"),
			detected(v1alpha1.DetectedLabels{FailedDetections: []string{"hpaEnabled"}})),
		Entry("third recovery in staging", "OOMKilled", "high", true, "Multiple recovery attempts (3)", recovery(3)),
		Entry("second recovery in staging", "OOMKilled", "", false, "Auto-approved", recovery(2)),
		Entry("second recovery in production", "OOMKilled", "high", true, "unvalidated target", recovery(2), environment("production")),
		Entry("staging", "OOMKilled", "", false, "Auto-approved", environment("staging")),
		Entry("development", "OOMKilled", "", false, "Auto-approved", environment("development"), detected(v1alpha1.DetectedLabels{Stateful: true})),
		Entry("qa", "OOMKilled", "", false, "Auto-approved", environment("qa")),
		Entry("test", "OOMKilled", "", false, "Auto-approved", environment("test")),
	)
})

func detected(labels v1alpha1.DetectedLabels) change {
	return func(a *v1alpha1.AIAnalysis) {
		a.Spec.AnalysisRequest.SignalContext.EnrichmentResults.DetectedLabels = &labels
	}
}

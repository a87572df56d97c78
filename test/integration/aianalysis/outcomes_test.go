package aianalysis

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"k8s.io/apimachinery/pkg/api/meta"

	"github.com/jordigilh/kubernaut/api/aianalysis/v1alpha1"
)

// Every scenario of the Mock LLM, and with them every reason for a review.
var _ = Describe("outcomes of an investigation", func() {
	DescribeTable("chooses the workflow of the scenario",
		func(ctx SpecContext, signal, workflow string, confidence float64, changes ...change) {
			status := ended(ctx, analysis(signal, changes...)).Status

			Expect(status.Phase).To(Equal(v1alpha1.PhaseCompleted), status.Message)
			Expect(status.SelectedWorkflow.WorkflowID).To(Equal(world.WorkflowIDs[workflow]))
			Expect(status.SelectedWorkflow.Confidence).To(BeNumerically("~", confidence, 0.001))
			Expect(status.NeedsHumanReview).To(BeFalse())
			Expect(status.Reason).To(BeEmpty())
		},
		Entry("oomkilled", "OOMKilled", "oomkill-increase-memory-v1", 0.95),
		Entry("crashloop", "CrashLoopBackOff", "crashloop-config-fix-v1", 0.88),
		Entry("test_signal", "TestSignal", "test-signal-handler-v1", 0.9),
		Entry("default", "SomethingUnheardOf", "generic-restart-v1", 0.75),
		Entry("recovery", "OOMKilled", "memory-optimize-v1", 0.85, recovery(1)),
		Entry("recovery_crashloop", "CrashLoopBackOff", "crashloop-config-fix-v1", 0.85, recovery(2)),
		Entry("cascading_failure", "CascadingFailure", "cascading-failure-circuit-break-v1", 0.75, recovery(1)),
		Entry("noisy_neighbor", "NoisyNeighbor", "noisy-neighbor-quota-v1", 0.8, recovery(1)),
		Entry("network_partition, at the threshold", "NetworkPartition", "network-policy-repair-v1", 0.7, recovery(1)),
		Entry("multi_step_recovery", "MultiStepRecovery", "generic-restart-v1", 0.85, recovery(1)),
		Entry("near_attempt_limit", "NearAttemptLimit", "generic-restart-v1", 0.9, recovery(3)),
	)

	DescribeTable("asks for a person's review",
		func(ctx SpecContext, signal, review string, sub v1alpha1.SubReason, changes ...change) {
			found := ended(ctx, analysis(signal, changes...))
			status := found.Status

			Expect(status.Phase).To(Equal(v1alpha1.PhaseFailed))
			Expect(status.Reason).To(Equal(v1alpha1.ReasonWorkflowResolutionFailed))
			Expect(status.SubReason).To(Equal(sub))
			Expect(status.NeedsHumanReview).To(BeTrue())
			Expect(status.HumanReviewReason).To(Equal(v1alpha1.HumanReviewReason(review)))
			Expect(status.Message).NotTo(BeEmpty())
			Expect(status.CompletedAt).NotTo(BeNil())
			Expect(status.ApprovalContext).To(BeNil())
			Expect(meta.IsStatusConditionFalse(status.Conditions, v1alpha1.ConditionWorkflowResolved)).To(BeTrue())
			Expect(meta.IsStatusConditionFalse(status.Conditions, v1alpha1.ConditionAnalysisComplete)).To(BeTrue())
			if found.Spec.IsRecoveryAttempt && review != "low_confidence" {
				Expect(status.Message).To(HavePrefix("HolmesGPT-API could not provide reliable recovery workflow recommendation"))
				Expect(status.Message).To(ContainSubstring("(reason: " + review + ")"))
			}
			Eventually(kubernetesEvents(ctx, found)).WithTimeout(patience).Should(ContainElement("AnalysisFailed"))
		},
		Entry("no_matching_workflows", "MOCK_NO_WORKFLOW_FOUND", "no_matching_workflows", v1alpha1.SubReasonNoMatchingWorkflows),
		Entry("low_confidence", "MOCK_LOW_CONFIDENCE", "low_confidence", v1alpha1.SubReasonLowConfidence),
		Entry("llm_parsing_error", "MOCK_MAX_RETRIES_EXHAUSTED", "llm_parsing_error", v1alpha1.SubReasonLLMParsingError),
		Entry("rca_incomplete", "MOCK_RCA_INCOMPLETE", "rca_incomplete", v1alpha1.SubReasonRCAIncomplete),
		Entry("workflow_not_found", "MOCK_WORKFLOW_NOT_FOUND", "workflow_not_found", v1alpha1.SubReasonWorkflowNotFound),
		Entry("image_mismatch", "MOCK_IMAGE_MISMATCH", "image_mismatch", v1alpha1.SubReasonImageMismatch),
		Entry("parameter_validation_failed", "MOCK_INVALID_PARAMETERS", "parameter_validation_failed", v1alpha1.SubReasonParameterValidationFailed),
		Entry("investigation_inconclusive, however confident", "MOCK_INCONCLUSIVE", "investigation_inconclusive", v1alpha1.SubReasonInvestigationInconclusive),
		Entry("recovery: no_matching_workflows", "MOCK_NO_WORKFLOW_FOUND", "no_matching_workflows", v1alpha1.SubReasonNoMatchingWorkflows, recovery(1)),
		Entry("recovery: low_confidence", "MOCK_LOW_CONFIDENCE", "low_confidence", v1alpha1.SubReasonLowConfidence, recovery(1)),
		Entry("recovery: llm_parsing_error", "MOCK_MAX_RETRIES_EXHAUSTED", "llm_parsing_error", v1alpha1.SubReasonLLMParsingError, recovery(1)),
		Entry("recovery: image_mismatch", "MOCK_IMAGE_MISMATCH", "image_mismatch", v1alpha1.SubReasonImageMismatch, recovery(1)),
	)

	It("keeps each attempt of a model that talks nonsense", func(ctx SpecContext) {
		history := ended(ctx, analysis("MOCK_MAX_RETRIES_EXHAUSTED")).Status.ValidationAttemptsHistory

		Expect(history).To(HaveLen(3))
		for i, attempt := range history {
			Expect(attempt.Attempt).To(Equal(int32(i + 1)))
			Expect(attempt.IsValid).To(BeFalse())
			Expect(attempt.Errors).NotTo(BeEmpty())
			Expect(attempt.Timestamp.Time).NotTo(BeZero())
		}
	})

	It("keeps workflow, cause and alternatives of little confidence", func(ctx SpecContext) {
		status := ended(ctx, analysis("MOCK_LOW_CONFIDENCE")).Status

		Expect(status.Message).To(ContainSubstring("low_confidence"))
		Expect(status.SelectedWorkflow.Confidence).To(BeNumerically("<", 0.5))
		Expect(status.RootCauseAnalysis.Summary).NotTo(BeEmpty())
		Expect(len(status.AlternativeWorkflows)).To(BeNumerically(">=", 2))
		for _, one := range status.AlternativeWorkflows {
			Expect(one.WorkflowID).NotTo(BeEmpty())
			Expect(one.Rationale).NotTo(BeEmpty())
		}
	})

	It("needs no workflow for a problem that resolved itself", func(ctx SpecContext) {
		found := ended(ctx, analysis("MOCK_PROBLEM_RESOLVED", environment("production")))
		status := found.Status

		Expect(status.Phase).To(Equal(v1alpha1.PhaseCompleted))
		Expect(status.Reason).To(Equal(v1alpha1.ReasonWorkflowNotNeeded))
		Expect(status.SubReason).To(Equal(v1alpha1.SubReasonProblemResolved))
		Expect(status.Message).To(ContainSubstring("self-resolved"))
		Expect(status.SelectedWorkflow).To(BeNil())
		Expect(status.ApprovalRequired).To(BeFalse())
		Expect(status.NeedsHumanReview).To(BeFalse())
	})

	It("ends a recovery that HolmesGPT sees no way for", func(ctx SpecContext) {
		status := ended(ctx, analysis("MOCK_NOT_REPRODUCIBLE", recovery(2))).Status

		Expect(status.Phase).To(Equal(v1alpha1.PhaseFailed))
		Expect(status.Reason).To(Equal(v1alpha1.ReasonRecoveryNotPossible))
		Expect(status.SubReason).To(Equal(v1alpha1.SubReasonNoRecoveryStrategy))
		Expect(status.RecoveryStatus.StateChanged).To(BeTrue())
		Expect(status.RecoveryStatus.CurrentSignalType).To(Equal("MOCK_NOT_REPRODUCIBLE"))
	})

	It("keeps what is said of the previous attempt", func(ctx SpecContext) {
		recovered := ended(ctx, analysis("OOMKilled", recovery(2))).Status.RecoveryStatus

		Expect(recovered.PreviousAttemptAssessment.FailureUnderstood).To(BeTrue())
		Expect(recovered.PreviousAttemptAssessment.FailureReasonAnalysis).To(ContainSubstring("node itself is short of memory"))
		Expect(recovered.StateChanged).To(BeFalse())
		Expect(recovered.CurrentSignalType).To(Equal("OOMKilled"))
	})

	DescribeTable("takes the model's failure as HolmesGPT's",
		func(ctx SpecContext, signal string, sub v1alpha1.SubReason, failures int32, changes ...change) {
			status := ended(ctx, analysis(signal, changes...)).Status

			Expect(status.Phase).To(Equal(v1alpha1.PhaseFailed))
			Expect(status.Reason).To(Equal(v1alpha1.ReasonAPIError))
			Expect(status.SubReason).To(Equal(sub))
			Expect(status.ConsecutiveFailures).To(Equal(failures))
			Expect(status.NeedsHumanReview).To(BeFalse())
		},
		Entry("a refused key of the model is retried", "MOCK_LLM_ERROR_401", v1alpha1.SubReasonMaxRetriesExceeded, int32(5)),
		Entry("a fourth recovery is refused for good", "OOMKilled", v1alpha1.SubReasonPermanentError, int32(1), recovery(4)),
	)

	It("ends as WorkflowNotFound when the catalogue has the workflow no more", Serial, func(ctx SpecContext) {
		id := world.WorkflowIDs["node-drain-reboot-v1"]
		disabled(ctx, id)

		status := ended(ctx, analysis("NodeNotReady")).Status
		Expect(status.Phase).To(Equal(v1alpha1.PhaseFailed))
		Expect(status.Reason).To(Equal(v1alpha1.ReasonWorkflowResolutionFailed))
		Expect(status.SubReason).To(Equal(v1alpha1.SubReasonWorkflowNotFound))
	})
})

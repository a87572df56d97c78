package aianalysis

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/jordigilh/kubernaut/api/aianalysis/v1alpha1"
)

var _ = Describe("the API server", func() {
	DescribeTable("refuses an analysis, and names the field",
		func(ctx SpecContext, value any, message string, path ...string) {
			content, err := runtime.DefaultUnstructuredConverter.ToUnstructured(analysis("OOMKilled", recovery(1)))
			Expect(err).NotTo(HaveOccurred())
			delete(content, "status")
			if value == nil {
				unstructured.RemoveNestedField(content, path...)
			} else {
				Expect(unstructured.SetNestedField(content, value, path...)).To(Succeed())
			}
			made := &unstructured.Unstructured{Object: content}
			made.SetGroupVersionKind(v1alpha1.GroupVersion.WithKind("AIAnalysis"))

			err = world.api.Create(ctx, made, client.DryRunAll)
			Expect(err).To(MatchError(ContainSubstring(message)))
		},
		Entry("no remediation", nil, "spec.remediationRequestRef: Required", "spec", "remediationRequestRef"),
		Entry("no remediation id", nil, "spec.remediationId: Required", "spec", "remediationId"),
		Entry("an empty remediation id", "", "spec.remediationId in body should be at least 1 chars", "spec", "remediationId"),
		Entry("no request", nil, "spec.analysisRequest: Required", "spec", "analysisRequest"),
		Entry("no analysis type", []any{}, "spec.analysisRequest.analysisTypes in body should have at least 1 items", "spec", "analysisRequest", "analysisTypes"),
		Entry("no signal type", nil, "signalContext.signalType: Required", "spec", "analysisRequest", "signalContext", "signalType"),
		Entry("a blank signal type", " ", "signalContext.signalType in body should match", "spec", "analysisRequest", "signalContext", "signalType"),
		Entry("a long fingerprint", longText(65), "signalContext.fingerprint: Too long", "spec", "analysisRequest", "signalContext", "fingerprint"),
		Entry("an unknown severity", "fatal", "signalContext.severity: Unsupported value", "spec", "analysisRequest", "signalContext", "severity"),
		Entry("an empty environment", "", "signalContext.environment in body should be at least 1 chars", "spec", "analysisRequest", "signalContext", "environment"),
		Entry("a long priority", longText(64), "signalContext.businessPriority: Too long", "spec", "analysisRequest", "signalContext", "businessPriority"),
		Entry("no target", nil, "signalContext.targetResource: Required", "spec", "analysisRequest", "signalContext", "targetResource"),
		Entry("no enrichment", nil, "signalContext.enrichmentResults: Required", "spec", "analysisRequest", "signalContext", "enrichmentResults"),
		Entry("attempt 0", int64(0), "spec.recoveryAttemptNumber in body should be greater than or equal to 1", "spec", "recoveryAttemptNumber"),
		Entry("a recovery without a number", nil, "recoveryAttemptNumber is required when isRecoveryAttempt is true", "spec", "recoveryAttemptNumber"),
		Entry("a number without a recovery", false, "recoveryAttemptNumber is given although isRecoveryAttempt is not true", "spec", "isRecoveryAttempt"),
		Entry("executions without a recovery", nil, "previousExecutions are given although isRecoveryAttempt is not true", "spec", "isRecoveryAttempt"),
		Entry("a timeout of nothing", "0s", "investigatingTimeout must be longer than 0s", "spec", "timeoutConfig", "investigatingTimeout"),
		Entry("a timeout that is no duration", "soon", "spec.timeoutConfig.analyzingTimeout", "spec", "timeoutConfig", "analyzingTimeout"),
	)

	It("takes a spec that says what it need not", func(ctx SpecContext) {
		known := analysis("OOMKilled")
		content, err := runtime.DefaultUnstructuredConverter.ToUnstructured(known)
		Expect(err).NotTo(HaveOccurred())
		delete(content, "status")
		Expect(unstructured.SetNestedField(content, false, "spec", "isRecoveryAttempt")).To(Succeed())
		made := &unstructured.Unstructured{Object: content}
		made.SetGroupVersionKind(v1alpha1.GroupVersion.WithKind("AIAnalysis"))
		Expect(world.api.Create(ctx, made)).To(Succeed())

		Expect(settled(ctx, known).Status.Phase).To(Equal(v1alpha1.PhaseCompleted))
	})

	It("refuses to change a spec", func(ctx SpecContext) {
		known := ended(ctx, analysis("OOMKilled"))
		known.Spec.AnalysisRequest.SignalContext.Severity = "low"

		Expect(world.api.Update(ctx, known)).To(MatchError(ContainSubstring("spec is immutable")))
	})

	It("refuses a status that the contract does not know", func(ctx SpecContext) {
		known := ended(ctx, analysis("OOMKilled"))
		known.Status.SubReason = "Whatever"

		Expect(world.api.Status().Update(ctx, known)).To(MatchError(ContainSubstring("status.subReason: Unsupported value")))
	})
})

func longText(length int) string {
	text := make([]byte, length)
	for i := range text {
		text[i] = 'x'
	}
	return string(text)
}

package aianalysis

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	ogenclient "github.com/jordigilh/kubernaut/pkg/datastorage/ogen-client"
)

var _ = Describe("audit trail", func() {
	It("tells of a completed analysis in seven events, in order", func(ctx SpecContext) {
		found := ended(ctx, analysis("CrashLoopBackOff", environment("production")))
		events := trail(ctx, found.CorrelationID(), ogenclient.EventCategoryAnalysis)

		Expect(story(events)).To(Equal([]string{
			"aianalysis.phase.transition Pending Investigating",
			"aianalysis.holmesgpt.call",
			"aianalysis.phase.transition Investigating Analyzing",
			"aianalysis.rego.evaluation",
			"aianalysis.approval.decision",
			"aianalysis.phase.transition Analyzing Completed",
			"aianalysis.analysis.completed",
		}))
		for _, event := range events {
			Expect(event.Version).To(Equal("1.0"))
			Expect(event.ActorID.Value).To(Equal("aianalysis-controller"))
			Expect(event.ResourceType.Value).To(Equal("AIAnalysis"))
			Expect(event.ResourceID.Value).To(Equal(found.Name))
			Expect(event.Namespace.Value).To(Equal(found.Namespace))
		}

		call, is := events[1].EventData.GetAIAnalysisHolmesGPTCallPayload()
		Expect(is).To(BeTrue())
		Expect(call.Endpoint).To(Equal("/api/v1/incident/analyze"))
		Expect(call.HTTPStatusCode).To(Equal(200))
		Expect(call.DurationMs).To(BeNumerically(">", 0))
		Expect(events[1].DurationMs.Value).To(BeNumerically("==", call.DurationMs))
		Expect(events[1].EventOutcome).To(Equal(ogenclient.EventOutcomeSuccess))

		policy, is := events[3].EventData.GetAIAnalysisRegoEvaluationPayload()
		Expect(is).To(BeTrue())
		Expect(policy.Outcome).To(Equal("requires_approval"))
		Expect(policy.Degraded).To(BeFalse())
		Expect(policy.DurationMs).To(BeNumerically(">=", 1))

		decision, is := events[4].EventData.GetAIAnalysisApprovalDecisionPayload()
		Expect(is).To(BeTrue())
		Expect(decision.ApprovalRequired).To(BeTrue())
		Expect(decision.AutoApproved).To(BeFalse())
		Expect(decision.Environment).To(Equal("production"))
		Expect(decision.Reason).To(Equal(found.Status.ApprovalReason))
		Expect(decision.Confidence.Value).To(BeNumerically("~", 0.88, 0.001))

		end, is := events[6].EventData.GetAIAnalysisAuditPayload()
		Expect(is).To(BeTrue())
		Expect(end.Phase).To(Equal(ogenclient.AIAnalysisAuditPayloadPhaseCompleted))
		Expect(end.WorkflowID.Value).To(Equal(found.Status.SelectedWorkflow.WorkflowID))
		Expect(end.ProviderResponseSummary.Value.IncidentID).To(Equal(found.Name))
		Expect(end.ProviderResponseSummary.Value.AnalysisPreview).NotTo(BeEmpty())
	})

	It("has HolmesGPT's own account of the same investigation, once", func(ctx SpecContext) {
		found := ended(ctx, analysis("OOMKilled"))

		Eventually(ctx, func() int { return investigations(ctx, found.CorrelationID()) }).WithTimeout(patience).Should(Equal(1))
		var answer ogenclient.HolmesGPTResponsePayload
		for _, event := range trail(ctx, found.CorrelationID(), ogenclient.EventCategoryAiagent) {
			if payload, is := event.EventData.GetHolmesGPTResponsePayload(); is {
				answer = payload
			}
		}
		Expect(answer.IncidentID).To(Equal(found.Name))
		Expect(answer.ResponseData.Analysis).NotTo(BeEmpty())
		Expect(answer.ResponseData.Confidence).To(BeNumerically("~", 0.95, 0.001))
	})

	DescribeTable("tells how an analysis ended without a workflow",
		func(ctx SpecContext, signal string, told []string, changes ...change) {
			found := ended(ctx, analysis(signal, changes...))
			Expect(story(trail(ctx, found.CorrelationID(), ogenclient.EventCategoryAnalysis))).To(Equal(told))
		},
		Entry("failed", "MOCK_NO_WORKFLOW_FOUND", []string{
			"aianalysis.phase.transition Pending Investigating",
			"aianalysis.holmesgpt.call",
			"aianalysis.phase.transition Investigating Failed",
			"aianalysis.analysis.failed",
		}),
		Entry("not needed", "MOCK_PROBLEM_RESOLVED", []string{
			"aianalysis.phase.transition Pending Investigating",
			"aianalysis.holmesgpt.call",
			"aianalysis.phase.transition Investigating Completed",
			"aianalysis.analysis.completed",
		}),
		Entry("refused by HolmesGPT", "OOMKilled", []string{
			"aianalysis.phase.transition Pending Investigating",
			"aianalysis.holmesgpt.call",
			"aianalysis.error.occurred",
			"aianalysis.phase.transition Investigating Failed",
			"aianalysis.analysis.failed",
		}, recovery(4)),
	)

	It("names what went wrong", func(ctx SpecContext) {
		found := ended(ctx, analysis("OOMKilled", recovery(4)))
		events := trail(ctx, found.CorrelationID(), ogenclient.EventCategoryAnalysis)

		call, _ := events[1].EventData.GetAIAnalysisHolmesGPTCallPayload()
		Expect(call.Endpoint).To(Equal("/api/v1/recovery/analyze"))
		Expect(call.HTTPStatusCode).To(Equal(400))
		Expect(events[1].EventOutcome).To(Equal(ogenclient.EventOutcomeFailure))
		end, _ := events[4].EventData.GetAIAnalysisAuditPayload()
		Expect(end.ErrorDetails.Value.Component).To(Equal("aianalysis"))
		Expect(end.ErrorDetails.Value.Code).To(Equal("PermanentError"))
		Expect(end.ErrorDetails.Value.RetryPossible).To(BeFalse())
		Expect(end.ErrorDetails.Value.Message).To(ContainSubstring("HTTP 400"))
	})
})

package phases_test

import (
	"context"
	"errors"
	"testing"
	"time"

	. "github.com/onsi/gomega"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/jordigilh/kubernaut/api/aianalysis/v1alpha1"
	"github.com/jordigilh/kubernaut/internal/aianalysis/approval"
	"github.com/jordigilh/kubernaut/internal/aianalysis/investigation"
	"github.com/jordigilh/kubernaut/internal/aianalysis/phases"
)

var now = time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)

// investigating has begun two seconds ago.
func investigating() *v1alpha1.AIAnalysis {
	analysis := &v1alpha1.AIAnalysis{ObjectMeta: metav1.ObjectMeta{UID: "uid", Generation: 1}}
	phases.Create(analysis)
	phases.Begin(analysis, now.Add(-2*time.Second))
	return analysis
}

func workflow() *v1alpha1.SelectedWorkflow { return &v1alpha1.SelectedWorkflow{WorkflowID: "w"} }

func TestAnswersLeadToAnEnd(t *testing.T) {
	possible, impossible := &investigation.Recovery{Possible: true}, &investigation.Recovery{}
	for name, row := range map[string]struct {
		found  investigation.Result
		phase  v1alpha1.Phase
		reason string
		sub    v1alpha1.SubReason
		review bool
	}{
		"a workflow at the threshold": {investigation.Result{Workflow: workflow(), Confidence: 0.7}, "Analyzing", "", "", false},
		"a workflow below it":         {investigation.Result{Workflow: workflow(), Confidence: 0.69}, "Failed", "WorkflowResolutionFailed", "LowConfidence", true},
		"nothing, confidently":        {investigation.Result{Confidence: 0.7}, "Completed", "WorkflowNotNeeded", "ProblemResolved", false},
		"nothing":                     {investigation.Result{Confidence: 0.5}, "Failed", "WorkflowResolutionFailed", "NoMatchingWorkflows", true},
		"review before resolved": {investigation.Result{Confidence: 0.9, Review: true, Reason: "investigation_inconclusive"},
			"Failed", "WorkflowResolutionFailed", "InvestigationInconclusive", true},
		"review before a workflow": {investigation.Result{Workflow: workflow(), Confidence: 0.9, Review: true, Reason: "rca_incomplete"},
			"Failed", "WorkflowResolutionFailed", "RCAIncomplete", true},
		"a recovery":                     {investigation.Result{Workflow: workflow(), Confidence: 0.9, Recovery: possible}, "Analyzing", "", "", false},
		"no recovery":                    {investigation.Result{Confidence: 0.9, Recovery: impossible}, "Failed", "RecoveryNotPossible", "NoRecoveryStrategy", false},
		"a recovery without a workflow":  {investigation.Result{Confidence: 0.9, Recovery: possible}, "Failed", "WorkflowResolutionFailed", "NoMatchingWorkflows", true},
		"review before no recovery":      {investigation.Result{Review: true, Reason: "image_mismatch", Recovery: impossible}, "Failed", "WorkflowResolutionFailed", "ImageMismatch", true},
		"review for no reason, by words": {investigation.Result{Review: true, Warnings: []string{"Missing required parameter"}}, "Failed", "WorkflowResolutionFailed", "ParameterValidationFailed", true},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			analysis := investigating()
			phases.Investigated(analysis, row.found, time.Second, now)

			status := analysis.Status
			g.Expect(status.Phase).To(Equal(row.phase))
			g.Expect(status.Reason).To(Equal(row.reason))
			g.Expect(status.SubReason).To(Equal(row.sub))
			g.Expect(status.NeedsHumanReview).To(Equal(row.review))
			g.Expect(status.InvestigationTime).To(Equal(int64(1000)))
			g.Expect(status.InvestigationID).To(Equal("uid"))
			g.Expect(analysis.Ended()).To(Equal(row.phase != "Analyzing"))
			if analysis.Ended() {
				g.Expect(status.TotalAnalysisTime).To(Equal(int64(2000)))
				g.Expect(meta.FindStatusCondition(status.Conditions, "AnalysisComplete")).NotTo(BeNil())
			}
			g.Expect(meta.IsStatusConditionTrue(status.Conditions, "InvestigationComplete")).To(BeTrue())
		})
	}
}

func TestWarningsHintAtTheReason(t *testing.T) {
	for warning, sub := range map[string]v1alpha1.SubReason{
		"Workflow not found": "WorkflowNotFound", "No matching workflow": "NoMatchingWorkflows",
		"confidence is below 0.7": "LowConfidence", "parameter validation": "ParameterValidationFailed",
		"image mismatch": "ImageMismatch", "could not parse": "LLMParsingError", "invalid JSON": "LLMParsingError",
		"something else": "WorkflowNotFound",
	} {
		analysis := investigating()
		phases.Investigated(analysis, investigation.Result{Review: true, Warnings: []string{warning}}, 0, now)
		NewWithT(t).Expect(analysis.Status.SubReason).To(Equal(sub), warning)
	}
}

func TestReviewTellsWhatWasWrong(t *testing.T) {
	g := NewWithT(t)
	analysis := investigating()
	phases.Investigated(analysis, investigation.Result{Review: true, Reason: "llm_parsing_error", Warnings: []string{"W"},
		Attempts: []v1alpha1.ValidationAttempt{{Attempt: 1, Errors: []string{"A", "B"}}, {Attempt: 2, IsValid: true}},
		Recovery: &investigation.Recovery{}}, 0, now)
	g.Expect(analysis.Status.Message).To(Equal("HolmesGPT-API could not provide reliable recovery workflow recommendation " +
		"(reason: llm_parsing_error): attempt 1: A, B; W"))
}

func TestFailedCallsAreRepeatedFourTimes(t *testing.T) {
	g := NewWithT(t)
	analysis := investigating()
	for failures := int32(1); failures < phases.MaxFailures; failures++ {
		phases.CallFailed(analysis, context.DeadlineExceeded, phases.Backoff{}, now)
		g.Expect(analysis.Status.Phase).To(Equal(v1alpha1.PhaseInvestigating))
		g.Expect(analysis.Status.ConsecutiveFailures).To(Equal(failures))
		g.Expect(phases.Wait(analysis, now).Seconds()).To(BeNumerically("~", float64(int(1)<<failures), 0.1*float64(int(1)<<failures)+0.001))
		g.Expect(meta.FindStatusCondition(analysis.Status.Conditions, "InvestigationComplete").Reason).To(Equal("HolmesGPTUnavailable"))
	}
	phases.CallFailed(analysis, context.DeadlineExceeded, phases.Backoff{}, now)
	g.Expect(analysis.Status.Phase).To(Equal(v1alpha1.PhaseFailed))
	g.Expect(analysis.Status.Reason).To(Equal("APIError"))
	g.Expect(analysis.Status.SubReason).To(Equal(v1alpha1.SubReasonMaxRetriesExceeded))
	g.Expect(phases.Wait(analysis, now)).To(BeZero())
}

func TestAnAnswerEndsARowOfFailures(t *testing.T) {
	g := NewWithT(t)
	analysis := investigating()
	phases.CallFailed(analysis, context.DeadlineExceeded, phases.Backoff{}, now)
	phases.Investigated(analysis, investigation.Result{Workflow: workflow(), Confidence: 0.9}, 0, now)
	g.Expect(analysis.Status.ConsecutiveFailures).To(BeZero())
	g.Expect(analysis.Status.Reason).To(BeEmpty())
	g.Expect(analysis.Status.NextAttemptAt).To(BeNil())
}

func TestPermanentFailuresAreNotRepeated(t *testing.T) {
	for _, failure := range []error{&investigation.StatusError{Status: 401}, &investigation.StatusError{Status: 400}, errors.New("other")} {
		g := NewWithT(t)
		analysis := investigating()
		phases.CallFailed(analysis, failure, phases.Backoff{}, now)
		g.Expect(analysis.Status.Phase).To(Equal(v1alpha1.PhaseFailed))
		g.Expect(analysis.Status.SubReason).To(Equal(v1alpha1.SubReasonPermanentError))
	}
}

func TestBackoffIsBoundedAndHeedsWhatIsAsked(t *testing.T) {
	g := NewWithT(t)
	g.Expect(phases.Backoff{}.After(30, 0)).To(BeNumerically("<=", 330*time.Second))
	g.Expect(phases.Backoff{Base: time.Millisecond}.After(1, time.Minute)).To(Equal(time.Minute))
}

func TestThePolicyCompletesTheAnalysis(t *testing.T) {
	g := NewWithT(t)
	analysis := investigating()
	phases.Investigated(analysis, investigation.Result{Workflow: workflow(), Confidence: 0.9}, 0, now)
	required, free := analysis.DeepCopy(), analysis.DeepCopy()
	phases.Decided(required, approval.Decision{RequireApproval: true, Reason: "why", Degraded: true}, now)
	phases.Decided(free, approval.Decision{Reason: "Auto-approved"}, now)

	g.Expect(required.Status.Phase).To(Equal(v1alpha1.PhaseCompleted))
	g.Expect(required.Status.ApprovalContext.Reason).To(Equal("why"))
	g.Expect(required.Status.DegradedMode).To(BeTrue())
	g.Expect(meta.IsStatusConditionTrue(required.Status.Conditions, "ApprovalRequired")).To(BeTrue())
	g.Expect(free.Status.ApprovalContext).To(BeNil())
	g.Expect(meta.IsStatusConditionFalse(free.Status.Conditions, "ApprovalRequired")).To(BeTrue())
}

func TestAnalysesWithoutWorkflowOrPolicyFail(t *testing.T) {
	g := NewWithT(t)
	nothing, late := investigating(), investigating()
	phases.NothingSelected(nothing, now)
	phases.PolicyFailed(late, context.DeadlineExceeded, now)
	g.Expect(nothing.Status.Reason).To(Equal("NoWorkflowSelected"))
	g.Expect(late.Status.Reason).To(Equal("RegoEvaluationError"))
	for _, analysis := range []*v1alpha1.AIAnalysis{nothing, late} {
		g.Expect(analysis.Status.Phase).To(Equal(v1alpha1.PhaseFailed))
		g.Expect(meta.IsStatusConditionFalse(analysis.Status.Conditions, "AnalysisComplete")).To(BeTrue())
	}
}

// Package audit makes the events that tell what happened to an analysis, and
// delivers them to DataStorage. Until they are delivered they are part of the
// object's status: written together with what they tell, and as durable.
package audit

import (
	"fmt"
	"net/http"
	"time"

	"github.com/go-faster/jx"
	"github.com/google/uuid"

	"github.com/jordigilh/kubernaut/api/aianalysis/v1alpha1"
	"github.com/jordigilh/kubernaut/internal/aianalysis/approval"
	ogenclient "github.com/jordigilh/kubernaut/pkg/datastorage/ogen-client"
)

const (
	version = "1.0"
	actor   = "aianalysis-controller"
	// preview is how much of an analysis an event shows, in characters.
	preview = 500
)

// fact is what one kind of event has of its own.
type fact struct {
	kind    ogenclient.EventType
	action  string
	outcome ogenclient.EventOutcome
	took    time.Duration
	data    ogenclient.EventData
}

// document is the event as DataStorage takes it; its id makes a repetition
// harmless.
func document(analysis *v1alpha1.AIAnalysis, told fact) string {
	event := ogenclient.IdentifiedAuditEvent{
		EventID: uuid.Must(uuid.NewV7()), Version: version, EventType: told.kind,
		EventTimestamp: time.Now().UTC(), EventCategory: ogenclient.EventCategoryAnalysis,
		EventAction: told.action, EventOutcome: told.outcome, CorrelationID: analysis.CorrelationID(),
		EventData: told.data, ActorType: ogenclient.NewOptNilString("service"), ActorID: ogenclient.NewOptNilString(actor),
		ResourceType: ogenclient.NewOptNilString("AIAnalysis"), ResourceID: ogenclient.NewOptNilString(analysis.Name),
		Namespace: ogenclient.NewOptNilString(analysis.Namespace),
	}
	if told.took > 0 {
		event.DurationMs = ogenclient.NewOptNilInt64(max(1, told.took.Milliseconds()))
	}
	var encoder jx.Encoder
	event.Encode(&encoder)
	return encoder.String()
}

// Transition tells of a change of phase.
func Transition(analysis *v1alpha1.AIAnalysis, from, to v1alpha1.Phase) string {
	return document(analysis, fact{
		kind: ogenclient.EventTypeAianalysisPhaseTransition, action: "phase_transition", outcome: ogenclient.EventOutcomeSuccess,
		data: ogenclient.NewAIAnalysisPhaseTransitionPayloadEventData(ogenclient.AIAnalysisPhaseTransitionPayload{
			EventType: ogenclient.AIAnalysisPhaseTransitionPayloadEventTypeAianalysisPhaseTransition,
			OldPhase:  string(from), NewPhase: string(to),
		}),
	})
}

// Call tells of a call of HolmesGPT; status 0 means that there was no reply.
func Call(analysis *v1alpha1.AIAnalysis, endpoint string, status int, took time.Duration) string {
	outcome := ogenclient.EventOutcomeSuccess
	if status != http.StatusOK {
		outcome = ogenclient.EventOutcomeFailure
	}
	took = max(took, time.Millisecond)
	return document(analysis, fact{
		kind: ogenclient.EventTypeAianalysisHolmesgptCall, action: "holmesgpt_call", outcome: outcome, took: took,
		data: ogenclient.NewAIAnalysisHolmesGPTCallPayloadEventData(ogenclient.AIAnalysisHolmesGPTCallPayload{
			EventType: ogenclient.AIAnalysisHolmesGPTCallPayloadEventTypeAianalysisHolmesgptCall,
			Endpoint:  endpoint, HTTPStatusCode: status, DurationMs: int(took.Milliseconds()),
		}),
	})
}

// Evaluation tells what the approval policy answered, or why it did not.
func Evaluation(analysis *v1alpha1.AIAnalysis, decision approval.Decision, failure error, took time.Duration) string {
	outcome, reason := ogenclient.EventOutcomeSuccess, decision.Reason
	if failure != nil {
		outcome, reason = ogenclient.EventOutcomeFailure, failure.Error()
	}
	took = max(took, time.Millisecond)
	return document(analysis, fact{
		kind: ogenclient.EventTypeAianalysisRegoEvaluation, action: "policy_evaluation", outcome: outcome, took: took,
		data: ogenclient.NewAIAnalysisRegoEvaluationPayloadEventData(ogenclient.AIAnalysisRegoEvaluationPayload{
			EventType: ogenclient.AIAnalysisRegoEvaluationPayloadEventTypeAianalysisRegoEvaluation,
			Outcome:   Verdict(decision, failure), Degraded: decision.Degraded, DurationMs: int(took.Milliseconds()), Reason: reason,
		}),
	})
}

// Verdict names the outcome of an evaluation.
func Verdict(decision approval.Decision, failure error) string {
	switch {
	case failure != nil:
		return "error"
	case decision.RequireApproval:
		return "requires_approval"
	default:
		return "approved"
	}
}

// Approval tells whether a person has to approve.
func Approval(analysis *v1alpha1.AIAnalysis, decision approval.Decision) string {
	payload := ogenclient.AIAnalysisApprovalDecisionPayload{
		EventType:        ogenclient.AIAnalysisApprovalDecisionPayloadEventTypeAianalysisApprovalDecision,
		ApprovalRequired: decision.RequireApproval, ApprovalReason: decision.Reason, AutoApproved: !decision.RequireApproval,
		Decision: DecisionName(decision), Reason: decision.Reason,
		Environment: analysis.Spec.AnalysisRequest.SignalContext.Environment,
	}
	if workflow := analysis.Status.SelectedWorkflow; workflow != nil {
		payload.Confidence = ogenclient.NewOptFloat64(workflow.Confidence)
		payload.WorkflowID = ogenclient.NewOptString(workflow.WorkflowID)
	}
	return document(analysis, fact{
		kind: ogenclient.EventTypeAianalysisApprovalDecision, action: "approval_decision", outcome: ogenclient.EventOutcomeSuccess,
		data: ogenclient.NewAIAnalysisApprovalDecisionPayloadEventData(payload),
	})
}

// DecisionName is what events and metrics call a decision.
func DecisionName(decision approval.Decision) string {
	if decision.RequireApproval {
		return "requires_approval"
	}
	return "auto_approved"
}

// Failure tells of an error in a phase.
func Failure(analysis *v1alpha1.AIAnalysis, phase v1alpha1.Phase, failure error) string {
	return document(analysis, fact{
		kind: ogenclient.EventTypeAianalysisErrorOccurred, action: "error", outcome: ogenclient.EventOutcomeFailure,
		data: ogenclient.NewAIAnalysisErrorPayloadEventData(ogenclient.AIAnalysisErrorPayload{
			EventType: ogenclient.AIAnalysisErrorPayloadEventTypeAianalysisErrorOccurred,
			Phase:     string(phase), ErrorMessage: failure.Error(),
		}),
	})
}

// End tells how an ended analysis ended.
func End(analysis *v1alpha1.AIAnalysis) (string, error) {
	switch analysis.Status.Phase {
	case v1alpha1.PhaseCompleted:
		payload := summary(analysis, ogenclient.AIAnalysisAuditPayloadEventTypeAianalysisAnalysisCompleted)
		payload.Phase = ogenclient.AIAnalysisAuditPayloadPhaseCompleted
		return document(analysis, fact{
			kind: ogenclient.EventTypeAianalysisAnalysisCompleted, action: "analysis_complete", outcome: ogenclient.EventOutcomeSuccess,
			data: ogenclient.NewEventDataAianalysisAnalysisCompletedEventData(payload),
		}), nil
	case v1alpha1.PhaseFailed:
		payload := summary(analysis, ogenclient.AIAnalysisAuditPayloadEventTypeAianalysisAnalysisFailed)
		payload.Phase = ogenclient.AIAnalysisAuditPayloadPhaseFailed
		payload.ErrorDetails = ogenclient.NewOptErrorDetails(details(analysis.Status))
		return document(analysis, fact{
			kind: ogenclient.EventTypeAianalysisAnalysisFailed, action: "analysis_failed", outcome: ogenclient.EventOutcomeFailure,
			data: ogenclient.NewEventDataAianalysisAnalysisFailedEventData(payload),
		}), nil
	default:
		return "", fmt.Errorf("an analysis in phase %s has not ended", analysis.Status.Phase)
	}
}

package controller

import (
	"context"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	ctrl "sigs.k8s.io/controller-runtime"

	"github.com/jordigilh/kubernaut/api/aianalysis/v1alpha1"
	"github.com/jordigilh/kubernaut/internal/aianalysis/approval"
	"github.com/jordigilh/kubernaut/internal/aianalysis/audit"
	"github.com/jordigilh/kubernaut/internal/aianalysis/investigation"
	"github.com/jordigilh/kubernaut/internal/aianalysis/phases"
)

// Every write of the status is seen by the watch and leads to the next step:
// steps ask for no requeue unless they have to wait.

func (r *Reconciler) create(ctx context.Context, analysis *v1alpha1.AIAnalysis, delivery delivery) (ctrl.Result, error) {
	_, err := r.write(ctx, analysis, delivery, func(fresh *v1alpha1.AIAnalysis) []string {
		phases.Create(fresh)
		return nil
	})
	return ctrl.Result{}, err
}

func (r *Reconciler) begin(ctx context.Context, analysis *v1alpha1.AIAnalysis, delivery delivery) (ctrl.Result, error) {
	written, err := r.write(ctx, analysis, delivery, func(fresh *v1alpha1.AIAnalysis) []string {
		phases.Begin(fresh, time.Now())
		return nil
	})
	if written != nil {
		r.say(written, "AIAnalysisCreated", "Analyze", "Analysis of %s began", written.Spec.AnalysisRequest.SignalContext.SignalType)
	}
	return ctrl.Result{}, err
}

// investigate calls HolmesGPT once, and writes the answer however often that
// takes. The call of a manager that was ended meanwhile is repeated under the
// same key by the next one.
func (r *Reconciler) investigate(ctx context.Context, analysis *v1alpha1.AIAnalysis, delivery delivery) (ctrl.Result, error) {
	if wait := phases.Wait(analysis, time.Now()); wait > 0 {
		result, err := r.settle(ctx, analysis, delivery)
		if err == nil && (result.RequeueAfter == 0 || wait < result.RequeueAfter) {
			result.RequeueAfter = wait
		}
		return result, err
	}
	limited, cancel := context.WithTimeout(ctx, r.limit(analysis))
	defer cancel()
	begin := time.Now()
	found, failure := r.Asks.Investigate(limited, analysis)
	took := time.Since(begin)
	if err := ctx.Err(); err != nil {
		return ctrl.Result{}, err
	}
	written, err := r.write(ctx, analysis, delivery, func(fresh *v1alpha1.AIAnalysis) []string {
		told := []string{audit.Call(fresh, investigation.EndpointOf(fresh), investigation.StatusOf(failure), took)}
		if failure == nil {
			phases.Investigated(fresh, found, took, time.Now())
			return told
		}
		phases.CallFailed(fresh, failure, r.Timing.Backoff, time.Now())
		return append(told, audit.Failure(fresh, v1alpha1.PhaseInvestigating, failure))
	})
	if err != nil || written == nil {
		return ctrl.Result{}, err
	}
	if failure == nil {
		r.Metrics.Answered(written)
		return ctrl.Result{}, nil
	}
	if written.Ended() {
		return ctrl.Result{}, nil
	}
	r.warn(written, phases.HolmesGPTUnavailable, "Investigate", "%s", written.Status.Message)
	return ctrl.Result{RequeueAfter: max(time.Millisecond, phases.Wait(written, time.Now()))}, nil
}

// limit is how long a call may take.
func (r *Reconciler) limit(analysis *v1alpha1.AIAnalysis) time.Duration {
	if config := analysis.Spec.TimeoutConfig; config != nil && config.InvestigatingTimeout != nil {
		return config.InvestigatingTimeout.Duration
	}
	return r.Timing.Investigating
}

func (r *Reconciler) analyze(ctx context.Context, analysis *v1alpha1.AIAnalysis, delivery delivery) (ctrl.Result, error) {
	if analysis.Status.SelectedWorkflow == nil {
		_, err := r.write(ctx, analysis, delivery, func(fresh *v1alpha1.AIAnalysis) []string {
			phases.NothingSelected(fresh, time.Now())
			return nil
		})
		return ctrl.Result{}, err
	}
	limit := r.Timing.Analyzing
	if config := analysis.Spec.TimeoutConfig; config != nil && config.AnalyzingTimeout != nil {
		limit = config.AnalyzingTimeout.Duration
	}
	limited, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	begin := time.Now()
	decision, failure := r.Policy.Evaluate(limited, approval.InputOf(analysis))
	took := time.Since(begin)
	if err := ctx.Err(); err != nil {
		return ctrl.Result{}, err
	}
	written, err := r.write(ctx, analysis, delivery, func(fresh *v1alpha1.AIAnalysis) []string {
		told := []string{audit.Evaluation(fresh, decision, failure, took)}
		if failure != nil {
			phases.PolicyFailed(fresh, failure, time.Now())
			return append(told, audit.Failure(fresh, v1alpha1.PhaseAnalyzing, failure))
		}
		phases.Decided(fresh, decision, time.Now())
		return append(told, audit.Approval(fresh, decision))
	})
	if err != nil || written == nil {
		return ctrl.Result{}, err
	}
	r.Metrics.Evaluated(decision, failure, written.Spec.AnalysisRequest.SignalContext.Environment)
	if decision.Degraded {
		r.warn(written, "ApprovalPolicyDegraded", "Analyze", "%s", decision.Reason)
	}
	return ctrl.Result{}, nil
}

// settle writes what has been delivered, and comes back for what has not.
func (r *Reconciler) settle(ctx context.Context, analysis *v1alpha1.AIAnalysis, delivery delivery) (ctrl.Result, error) {
	if delivery.failure == nil && len(delivery.sent) == 0 {
		return ctrl.Result{}, nil
	}
	told := meta.FindStatusCondition(analysis.Status.Conditions, v1alpha1.ConditionAuditDelivered)
	if delivery.failure != nil && (told == nil || told.Status != metav1.ConditionFalse) {
		r.warn(analysis, phases.DataStorageUnavailable, "Deliver", "%v", delivery.failure)
	}
	_, err := r.write(ctx, analysis, delivery, func(*v1alpha1.AIAnalysis) []string { return nil })
	if delivery.failure == nil || err != nil {
		return ctrl.Result{}, err
	}
	return ctrl.Result{RequeueAfter: r.Timing.Redelivery}, nil
}

// Package controller leads each AIAnalysis through its phases: it asks
// HolmesGPT and the approval policy, writes what they said, and tells of it.
package controller

import (
	"context"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/client-go/tools/events"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller/controllerutil"

	"github.com/jordigilh/kubernaut/api/aianalysis/v1alpha1"
	"github.com/jordigilh/kubernaut/internal/aianalysis/approval"
	"github.com/jordigilh/kubernaut/internal/aianalysis/audit"
	"github.com/jordigilh/kubernaut/internal/aianalysis/investigation"
	"github.com/jordigilh/kubernaut/internal/aianalysis/metrics"
	"github.com/jordigilh/kubernaut/internal/aianalysis/phases"
)

// Finalizer keeps an analysis until DataStorage has its audit trail.
const Finalizer = "kubernaut.ai/finalizer"

// Investigator is HolmesGPT.
type Investigator interface {
	Investigate(ctx context.Context, analysis *v1alpha1.AIAnalysis) (investigation.Result, error)
}

// Policy decides on approval.
type Policy interface {
	Evaluate(ctx context.Context, input approval.Input) (approval.Decision, error)
}

// Trail is DataStorage's audit trail.
type Trail interface {
	Deliver(ctx context.Context, documents []string) ([]audit.Refusal, error)
}

// Timing is how long things may take.
type Timing struct {
	// Investigating and Analyzing are used where the object says nothing.
	Investigating, Analyzing time.Duration
	Backoff                  phases.Backoff
	// Redelivery is the pause after DataStorage took no events.
	Redelivery time.Duration
	// Farewell is how long a deleted object waits for DataStorage.
	Farewell time.Duration
}

// Reconciler leads analyses. Reader is the API server itself: what the cache
// still says may be over.
type Reconciler struct {
	Client  client.Client
	Reader  client.Reader
	Events  events.EventRecorder
	Asks    Investigator
	Policy  Policy
	Trail   Trail
	Metrics *metrics.Metrics
	Timing  Timing
}

// +kubebuilder:rbac:groups=kubernaut.ai,resources=aianalyses,verbs=get;list;watch;update;patch
// +kubebuilder:rbac:groups=kubernaut.ai,resources=aianalyses/status,verbs=get;update;patch
// +kubebuilder:rbac:groups=kubernaut.ai,resources=aianalyses/finalizers,verbs=update
// +kubebuilder:rbac:groups=events.k8s.io,resources=events,verbs=create;patch

// Reconcile does what comes next for one analysis.
func (r *Reconciler) Reconcile(ctx context.Context, request ctrl.Request) (ctrl.Result, error) {
	analysis := &v1alpha1.AIAnalysis{}
	if err := r.Reader.Get(ctx, request.NamespacedName, analysis); err != nil {
		return ctrl.Result{}, client.IgnoreNotFound(err)
	}
	phase, begin := analysis.Status.Phase, time.Now()
	result, err := r.next(ctx, analysis)
	if apierrors.IsNotFound(err) && ctx.Err() == nil {
		err = nil // It was deleted meanwhile.
	}
	r.Metrics.Reconciled(phase, outcome(result, err), time.Since(begin))
	return result, err
}

func outcome(result ctrl.Result, err error) string {
	switch {
	case err != nil:
		return "error"
	case result.RequeueAfter > 0:
		return "requeue"
	default:
		return "success"
	}
}

func (r *Reconciler) next(ctx context.Context, analysis *v1alpha1.AIAnalysis) (ctrl.Result, error) {
	if !analysis.DeletionTimestamp.IsZero() {
		return r.release(ctx, analysis)
	}
	if err := r.finalizer(ctx, analysis, controllerutil.AddFinalizer); err != nil {
		return again(err)
	}
	delivery := r.deliver(ctx, analysis)
	switch analysis.Status.Phase {
	case "":
		return r.create(ctx, analysis, delivery)
	case v1alpha1.PhasePending:
		return r.begin(ctx, analysis, delivery)
	case v1alpha1.PhaseInvestigating:
		return r.investigate(ctx, analysis, delivery)
	case v1alpha1.PhaseAnalyzing:
		return r.analyze(ctx, analysis, delivery)
	default:
		return r.settle(ctx, analysis, delivery)
	}
}

// again comes back at once after a conflict, which is no error.
func again(err error) (ctrl.Result, error) {
	if apierrors.IsConflict(err) {
		return ctrl.Result{RequeueAfter: time.Millisecond}, nil
	}
	return ctrl.Result{}, err
}

// release lets a deleted analysis go once DataStorage has its trail, or has not
// taken it for too long.
func (r *Reconciler) release(ctx context.Context, analysis *v1alpha1.AIAnalysis) (ctrl.Result, error) {
	if !controllerutil.ContainsFinalizer(analysis, Finalizer) {
		return ctrl.Result{}, nil
	}
	delivery := r.deliver(ctx, analysis)
	if delivery.failure != nil {
		if time.Since(analysis.DeletionTimestamp.Time) < r.Timing.Farewell {
			return ctrl.Result{RequeueAfter: r.Timing.Redelivery}, nil
		}
		r.warn(analysis, "AuditEventsLost", "Deliver", "deleted with undelivered audit events: %v", delivery.failure)
	}
	return again(client.IgnoreNotFound(r.finalizer(ctx, analysis, controllerutil.RemoveFinalizer)))
}

// finalizer patches nothing but the finalizers: an update would also drop what
// the spec says needlessly, such as a false, and the spec never changes.
func (r *Reconciler) finalizer(ctx context.Context, analysis *v1alpha1.AIAnalysis, change func(client.Object, string) bool) error {
	before := analysis.DeepCopy()
	if !change(analysis, Finalizer) {
		return nil
	}
	return r.Client.Patch(ctx, analysis, client.MergeFromWithOptions(before, client.MergeFromWithOptimisticLock{}))
}

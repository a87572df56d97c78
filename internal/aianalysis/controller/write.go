package controller

import (
	"context"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/client-go/util/retry"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/jordigilh/kubernaut/api/aianalysis/v1alpha1"
	"github.com/jordigilh/kubernaut/internal/aianalysis/audit"
	"github.com/jordigilh/kubernaut/internal/aianalysis/phases"
)

// change is made to the newest state of an analysis; it may be made again after
// a conflict. What it returns goes to the audit trail with it.
type change func(fresh *v1alpha1.AIAnalysis) (told []string)

// write changes the status, and with it what is still to be told. It is skipped
// when the phase has changed meanwhile: somebody else was faster. Written is
// nil then.
func (r *Reconciler) write(ctx context.Context, analysis *v1alpha1.AIAnalysis, delivery delivery, change change) (written *v1alpha1.AIAnalysis, err error) {
	err = retry.RetryOnConflict(retry.DefaultBackoff, func() error {
		written = nil
		fresh := &v1alpha1.AIAnalysis{}
		if err := r.Reader.Get(ctx, client.ObjectKeyFromObject(analysis), fresh); err != nil {
			return err
		}
		if fresh.UID != analysis.UID || fresh.Status.Phase != analysis.Status.Phase {
			return nil
		}
		before := fresh.Status.DeepCopy()
		delivery.note(fresh)
		told := change(fresh)
		if from, to := before.Phase, fresh.Status.Phase; from != to && from != "" {
			told = append(told, audit.Transition(fresh, from, to))
		}
		if fresh.Ended() && fresh.Status.Phase != before.Phase {
			end, err := audit.End(fresh)
			if err != nil {
				return err
			}
			told = append(told, end)
		}
		fresh.Status.PendingAuditEvents = append(fresh.Status.PendingAuditEvents, told...)
		written = fresh
		if equality.Semantic.DeepEqual(before, &fresh.Status) {
			return nil
		}
		return r.Client.Status().Update(ctx, fresh)
	})
	if err != nil {
		return nil, err
	}
	if written != nil && written.Ended() && !analysis.Ended() {
		r.ended(written)
	}
	return written, nil
}

// ended tells those who watch of the end of an analysis, once.
func (r *Reconciler) ended(analysis *v1alpha1.AIAnalysis) {
	r.Metrics.Ended(analysis)
	status := analysis.Status
	if status.Phase == v1alpha1.PhaseFailed {
		r.warn(analysis, "AnalysisFailed", "Analyze", "%s/%s: %s", status.Reason, status.SubReason, status.Message)
		return
	}
	r.say(analysis, "AnalysisCompleted", "Analyze", "%s", status.Message)
}

func (r *Reconciler) say(analysis *v1alpha1.AIAnalysis, reason, action, format string, values ...any) {
	r.Events.Eventf(analysis, nil, corev1.EventTypeNormal, reason, action, format, values...)
}

func (r *Reconciler) warn(analysis *v1alpha1.AIAnalysis, reason, action, format string, values ...any) {
	r.Events.Eventf(analysis, nil, corev1.EventTypeWarning, reason, action, format, values...)
}

// delivery is what DataStorage was just sent of an analysis.
type delivery struct {
	sent    []string
	failure error
}

// deliver sends what is pending. DataStorage's absence holds nothing up: what it
// did not take stays pending.
func (r *Reconciler) deliver(ctx context.Context, analysis *v1alpha1.AIAnalysis) delivery {
	pending := analysis.Status.PendingAuditEvents
	if len(pending) == 0 {
		return delivery{}
	}
	refused, err := r.Trail.Deliver(ctx, pending)
	if err != nil {
		return delivery{failure: err}
	}
	for _, one := range refused {
		r.Metrics.Refused()
		r.warn(analysis, "AuditEventRefused", "Deliver", "%s", one.Reason)
	}
	return delivery{sent: pending}
}

// note keeps in the status what is still pending, and why.
func (d delivery) note(fresh *v1alpha1.AIAnalysis) {
	done := make(map[string]bool, len(d.sent))
	for _, one := range d.sent {
		done[one] = true
	}
	var left []string
	for _, one := range fresh.Status.PendingAuditEvents {
		if !done[one] {
			left = append(left, one)
		}
	}
	fresh.Status.PendingAuditEvents = left
	switch {
	case d.failure != nil:
		phases.SetCondition(fresh, v1alpha1.ConditionAuditDelivered, false, phases.DataStorageUnavailable, d.failure.Error())
	case len(d.sent) > 0:
		phases.SetCondition(fresh, v1alpha1.ConditionAuditDelivered, true, phases.AuditStored, "DataStorage has the events")
	}
}

package controller_test

import (
	"context"
	"errors"
	"testing"
	"time"

	. "github.com/onsi/gomega"
	"github.com/prometheus/client_golang/prometheus"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/tools/events"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"

	"github.com/jordigilh/kubernaut/api/aianalysis/v1alpha1"
	"github.com/jordigilh/kubernaut/internal/aianalysis/approval"
	"github.com/jordigilh/kubernaut/internal/aianalysis/audit"
	"github.com/jordigilh/kubernaut/internal/aianalysis/controller"
	"github.com/jordigilh/kubernaut/internal/aianalysis/investigation"
	"github.com/jordigilh/kubernaut/internal/aianalysis/metrics"
)

// parts are fakes of all that the reconciler asks.
type parts struct {
	calls     int
	failure   error
	decision  approval.Decision
	delivered []string
	away      error
	// conflicts are how many status writes fail before one succeeds.
	conflicts int
}

func (p *parts) Investigate(context.Context, *v1alpha1.AIAnalysis) (investigation.Result, error) {
	p.calls++
	return investigation.Result{Confidence: 0.9, Workflow: &v1alpha1.SelectedWorkflow{WorkflowID: "w", Confidence: 0.9}}, p.failure
}

func (p *parts) Evaluate(context.Context, approval.Input) (approval.Decision, error) {
	return p.decision, nil
}

func (p *parts) Deliver(_ context.Context, documents []string) ([]audit.Refusal, error) {
	if p.away == nil {
		p.delivered = append(p.delivered, documents...)
	}
	return nil, p.away
}

func (p *parts) update(ctx context.Context, api client.Client, subresource string, object client.Object, options ...client.SubResourceUpdateOption) error {
	if p.conflicts > 0 {
		p.conflicts--
		return apierrors.NewConflict(v1alpha1.GroupVersion.WithResource("aianalyses").GroupResource(), object.GetName(), errors.New("newer"))
	}
	return api.SubResource(subresource).Update(ctx, object, options...)
}

// world is a reconciler on an API server with one analysis.
type world struct {
	*WithT
	parts      *parts
	api        client.Client
	reconciler *controller.Reconciler
	key        client.ObjectKey
}

func newWorld(t *testing.T, change func(*v1alpha1.AIAnalysis)) *world {
	t.Helper()
	g, faked := NewWithT(t), &parts{}
	analysis := &v1alpha1.AIAnalysis{ObjectMeta: metav1.ObjectMeta{Name: "aa", Namespace: "ns", UID: "uid"},
		Spec: v1alpha1.AIAnalysisSpec{RemediationRequestRef: corev1.ObjectReference{Name: "rr"}}}
	if change != nil {
		change(analysis)
	}
	scheme := runtime.NewScheme()
	g.Expect(v1alpha1.AddToScheme(scheme)).To(Succeed())
	api := fake.NewClientBuilder().WithScheme(scheme).WithObjects(analysis).WithStatusSubresource(analysis).
		WithInterceptorFuncs(interceptor.Funcs{SubResourceUpdate: faked.update}).Build()
	counted, err := metrics.New(prometheus.NewRegistry())
	g.Expect(err).NotTo(HaveOccurred())
	return &world{WithT: g, parts: faked, api: api, key: client.ObjectKeyFromObject(analysis), reconciler: &controller.Reconciler{
		Client: api, Reader: api, Events: events.NewFakeRecorder(100), Asks: faked, Policy: faked, Trail: faked, Metrics: counted,
		Timing: controller.Timing{Investigating: time.Minute, Analyzing: time.Minute, Redelivery: time.Second, Farewell: time.Hour},
	}}
}

func (w *world) reconcile(ctx context.Context) ctrl.Result {
	result, err := w.reconciler.Reconcile(ctx, ctrl.Request{NamespacedName: w.key})
	w.Expect(err).NotTo(HaveOccurred())
	return result
}

func (w *world) analysis(ctx context.Context) *v1alpha1.AIAnalysis {
	found := &v1alpha1.AIAnalysis{}
	w.Expect(w.api.Get(ctx, w.key, found)).To(Succeed())
	return found
}

func TestFiveReconciliationsEndAnAnalysisWithItsTrailDelivered(t *testing.T) {
	w := newWorld(t, nil)
	var seen []v1alpha1.Phase
	for range 5 {
		w.reconcile(t.Context())
		seen = append(seen, w.analysis(t.Context()).Status.Phase)
	}
	w.Expect(seen).To(Equal([]v1alpha1.Phase{"Pending", "Investigating", "Analyzing", "Completed", "Completed"}))
	w.Expect(w.parts.calls).To(Equal(1))
	w.Expect(w.parts.delivered).To(HaveLen(7))
	w.Expect(w.analysis(t.Context()).Status.PendingAuditEvents).To(BeEmpty())
}

func TestConflictsRepeatTheWriteAndNotTheCall(t *testing.T) {
	w := newWorld(t, func(a *v1alpha1.AIAnalysis) { a.Status.Phase = v1alpha1.PhaseInvestigating })
	w.parts.conflicts = 2
	w.reconcile(t.Context())
	w.Expect(w.parts.calls).To(Equal(1))
	w.Expect(w.analysis(t.Context()).Status.Phase).To(Equal(v1alpha1.PhaseAnalyzing))
	w.Expect(w.analysis(t.Context()).Status.PendingAuditEvents).To(HaveLen(2))
}

func TestNothingWakesAnAnalysisThatWaits(t *testing.T) {
	w := newWorld(t, func(a *v1alpha1.AIAnalysis) {
		next := metav1.NewMicroTime(time.Now().Add(time.Minute))
		a.Status.Phase, a.Status.NextAttemptAt = v1alpha1.PhaseInvestigating, &next
	})
	result := w.reconcile(t.Context())
	w.Expect(w.parts.calls).To(BeZero())
	w.Expect(result.RequeueAfter).To(BeNumerically("~", time.Minute, time.Second))
}

func TestAFailedCallWaits(t *testing.T) {
	w := newWorld(t, func(a *v1alpha1.AIAnalysis) { a.Status.Phase = v1alpha1.PhaseInvestigating })
	w.parts.failure = &investigation.StatusError{Status: 503, RetryAfter: 9 * time.Second}
	w.Expect(w.reconcile(t.Context()).RequeueAfter).To(BeNumerically("~", 9*time.Second, time.Second))
	w.Expect(w.analysis(t.Context()).Status.Phase).To(Equal(v1alpha1.PhaseInvestigating))
}

func TestADeletedAnalysisWaitsForItsTrailButNotForEver(t *testing.T) {
	w := newWorld(t, func(a *v1alpha1.AIAnalysis) {
		a.Finalizers = []string{controller.Finalizer}
		a.Status.Phase, a.Status.PendingAuditEvents = v1alpha1.PhaseCompleted, []string{"{}"}
	})
	w.parts.away = errors.New("away")
	w.Expect(w.api.Delete(t.Context(), w.analysis(t.Context()))).To(Succeed())
	w.Expect(w.reconcile(t.Context()).RequeueAfter).To(Equal(time.Second))
	w.analysis(t.Context())

	w.reconciler.Timing.Farewell = 0
	w.reconcile(t.Context())
	w.Expect(apierrors.IsNotFound(w.api.Get(t.Context(), w.key, &v1alpha1.AIAnalysis{}))).To(BeTrue())
	w.reconcile(t.Context())
}

func TestAManagerThatEndsWritesNothing(t *testing.T) {
	w := newWorld(t, func(a *v1alpha1.AIAnalysis) {
		a.Finalizers = []string{controller.Finalizer}
		a.Status.Phase = v1alpha1.PhaseInvestigating
	})
	ctx, cancel := context.WithCancel(t.Context())
	w.parts.failure = context.Canceled
	cancel()
	_, err := w.reconciler.Reconcile(ctx, ctrl.Request{NamespacedName: w.key})
	w.Expect(err).To(MatchError(context.Canceled))
	w.Expect(w.analysis(t.Context()).Status.ConsecutiveFailures).To(BeZero())
}

func TestAPhaseWithoutAWorkflowFails(t *testing.T) {
	w := newWorld(t, func(a *v1alpha1.AIAnalysis) { a.Status.Phase = v1alpha1.PhaseAnalyzing })
	w.reconcile(t.Context())
	w.Expect(w.analysis(t.Context()).Status.Reason).To(Equal(v1alpha1.ReasonNoWorkflowSelected))
}

package aianalysis

import (
	"context"
	"os"
	"strings"

	"github.com/google/uuid"
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	eventsv1 "k8s.io/api/events/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/jordigilh/kubernaut/api/aianalysis/v1alpha1"
	hapi "github.com/jordigilh/kubernaut/pkg/holmesgpt/client"
)

// change makes an analysis another one.
type change func(*v1alpha1.AIAnalysis)

// analysis is that of a staging incident with a remediation of its own.
func analysis(signal string, changes ...change) *v1alpha1.AIAnalysis {
	id := uuid.NewString()[:13]
	made := &v1alpha1.AIAnalysis{
		ObjectMeta: metav1.ObjectMeta{Name: "aa-" + id, Namespace: world.namespace},
		Spec: v1alpha1.AIAnalysisSpec{
			RemediationRequestRef: corev1.ObjectReference{Kind: "RemediationRequest", Name: "rr-" + id},
			RemediationID:         "rem-" + id,
			AnalysisRequest: v1alpha1.AnalysisRequest{
				AnalysisTypes: []string{"investigation"},
				SignalContext: v1alpha1.SignalContext{
					Fingerprint: "fp-" + id, Severity: "high", SignalType: signal,
					Environment: "staging", BusinessPriority: "P1",
					TargetResource: v1alpha1.TargetResource{Kind: "Pod", Name: "cart-0", Namespace: "shop"},
				},
			},
		},
	}
	for _, change := range changes {
		change(made)
	}
	return made
}

func in(namespace string) change {
	return func(a *v1alpha1.AIAnalysis) { a.Namespace = namespace }
}

func environment(name string) change {
	return func(a *v1alpha1.AIAnalysis) { a.Spec.AnalysisRequest.SignalContext.Environment = name }
}

// recovery is a further attempt after a workflow that failed.
func recovery(attempt int32) change {
	return func(a *v1alpha1.AIAnalysis) {
		a.Spec.IsRecoveryAttempt, a.Spec.RecoveryAttemptNumber = true, &attempt
		exit := int32(137)
		a.Spec.PreviousExecutions = []v1alpha1.PreviousExecution{{
			WorkflowExecutionRef: "we-1",
			OriginalRCA:          v1alpha1.OriginalRCA{Summary: "limit too low", SignalType: "OOMKilled", Severity: "critical"},
			SelectedWorkflow: v1alpha1.PreviousWorkflow{WorkflowID: world.WorkflowIDs["oomkill-increase-memory-v1"], Version: "1.0.0",
				Parameters: map[string]string{"MEMORY_LIMIT": "1Gi"}},
			Failure: v1alpha1.ExecutionFailure{FailedStepName: "apply", Reason: "OOMKilled", Message: "killed again", ExitCode: &exit},
		}}
	}
}

// created creates the analysis.
func created(ctx context.Context, made *v1alpha1.AIAnalysis) *v1alpha1.AIAnalysis {
	GinkgoHelper()
	Expect(world.api.Create(ctx, made)).To(Succeed())
	return made
}

// fresh is the analysis as it is now.
func fresh(ctx context.Context, known *v1alpha1.AIAnalysis) *v1alpha1.AIAnalysis {
	GinkgoHelper()
	found := &v1alpha1.AIAnalysis{}
	Expect(world.api.Get(ctx, client.ObjectKeyFromObject(known), found)).To(Succeed())
	return found
}

// settled waits for the end of an analysis, and for its audit trail.
func settled(ctx context.Context, known *v1alpha1.AIAnalysis) *v1alpha1.AIAnalysis {
	GinkgoHelper()
	var found *v1alpha1.AIAnalysis
	Eventually(ctx, func(g Gomega) {
		found = fresh(ctx, known)
		g.Expect(found.Ended()).To(BeTrue(), "phase %s, %s", found.Status.Phase, found.Status.Message)
		g.Expect(found.Status.PendingAuditEvents).To(BeEmpty())
	}).WithTimeout(patience).WithPolling(glance).Should(Succeed())
	return found
}

// ended is created and settled.
func ended(ctx context.Context, made *v1alpha1.AIAnalysis) *v1alpha1.AIAnalysis {
	GinkgoHelper()
	return settled(ctx, created(ctx, made))
}

// kubernetesEvents are the reasons of the Events about an analysis.
func kubernetesEvents(ctx context.Context, about *v1alpha1.AIAnalysis) func() []string {
	return func() []string {
		found := &eventsv1.EventList{}
		Expect(world.api.List(ctx, found, client.InNamespace(about.Namespace))).To(Succeed())
		var reasons []string
		for _, event := range found.Items {
			if event.Regarding.UID == about.UID {
				reasons = append(reasons, event.Reason)
			}
		}
		return reasons
	}
}

// token is read from its file for each call.
type token string

func (file token) BearerAuth(context.Context, hapi.OperationName) (hapi.BearerAuth, error) {
	content, err := os.ReadFile(string(file))
	return hapi.BearerAuth{Token: strings.TrimSpace(string(content))}, err
}

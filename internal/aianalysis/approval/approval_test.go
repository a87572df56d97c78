package approval_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/go-logr/logr"
	. "github.com/onsi/gomega"

	"github.com/jordigilh/kubernaut/api/aianalysis/v1alpha1"
	"github.com/jordigilh/kubernaut/internal/aianalysis/approval"
)

var shipped = filepath.Join("..", "..", "..", "config", "rego", "approval.rego")

func policy(t *testing.T, source string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "approval.rego")
	NewWithT(t).Expect(os.WriteFile(path, []byte(source), 0o600)).To(Succeed())
	return path
}

func TestShippedPolicy(t *testing.T) {
	evaluator := &approval.Evaluator{Path: shipped}
	_, err := evaluator.Load(t.Context())
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	everything := approval.Input{FailedDetections: []string{"stateful"}, Warnings: []string{"w"},
		DetectedLabels: map[string]any{"stateful": true}}
	with := func(environment string, change func(*approval.Input)) approval.Input {
		input := approval.Input{Environment: environment, TargetInOwnerChain: true}
		if change != nil {
			change(&input)
		}
		return input
	}

	for name, row := range map[string]struct {
		input    approval.Input
		required bool
		reason   string
	}{
		"production":                      {with("production", nil), true, "Production environment requires manual approval"},
		"production, target unvalidated":  {with("production", func(i *approval.Input) { i.TargetInOwnerChain = false }), true, "unvalidated target"},
		"production, failed detections":   {with("production", func(i *approval.Input) { i.FailedDetections = []string{"stateful"} }), true, "failed detections"},
		"production, warnings":            {with("production", func(i *approval.Input) { i.Warnings = []string{"w"} }), true, "with warnings"},
		"production, stateful":            {with("production", func(i *approval.Input) { i.DetectedLabels = map[string]any{"stateful": true} }), true, "Stateful workload"},
		"third recovery outside":          {with("staging", func(i *approval.Input) { i.IsRecoveryAttempt, i.RecoveryAttemptNumber = true, 3 }), true, "Multiple recovery attempts (3)"},
		"third recovery in production":    {with("production", func(i *approval.Input) { i.IsRecoveryAttempt, i.RecoveryAttemptNumber = true, 4 }), true, "Multiple recovery attempts (4)"},
		"second recovery":                 {with("staging", func(i *approval.Input) { i.IsRecoveryAttempt, i.RecoveryAttemptNumber = true, 2 }), false, "Auto-approved"},
		"third attempt without recovery":  {with("staging", func(i *approval.Input) { i.RecoveryAttemptNumber = 3 }), false, "Auto-approved"},
		"staging":                         {with("staging", func(i *approval.Input) { *i = everything; i.Environment = "staging" }), false, "Auto-approved"},
		"development":                     {with("development", func(i *approval.Input) { *i = everything; i.Environment = "development" }), false, "Auto-approved"},
		"qa":                              {with("qa", func(i *approval.Input) { *i = everything; i.Environment = "qa" }), false, "Auto-approved"},
		"test":                            {with("test", func(i *approval.Input) { *i = everything; i.Environment = "test" }), false, "Auto-approved"},
		"an input that says nothing else": {approval.Input{}, false, "Auto-approved"},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			decision, err := evaluator.Evaluate(t.Context(), row.input)
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(decision.Degraded).To(BeFalse())
			g.Expect(decision.RequireApproval).To(Equal(row.required))
			g.Expect(decision.Reason).To(ContainSubstring(row.reason))
		})
	}
}

func TestPoliciesThatDecideNothing(t *testing.T) {
	const head = "package aianalysis.approval\nimport rego.v1\n"
	for name, row := range map[string]struct {
		source   string
		degraded bool
		reason   string
	}{
		"no require_approval": {head + `reason := "because"`, false, "because"},
		"a number":            {head + `require_approval := 1`, true, "require_approval, not a boolean"},
		"a reason of numbers": {head + "require_approval := false\nreason := 1", true, "reason, not a string"},
		"a conflict":          {head + "require_approval := x if some x in [true, false]", true, "Policy evaluation failed"},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			evaluator := &approval.Evaluator{Path: policy(t, row.source)}
			_, err := evaluator.Load(t.Context())
			if name == "a conflict" {
				g.Expect(err).To(MatchError(ContainSubstring("conflict")))
				return
			}
			g.Expect(err).NotTo(HaveOccurred())
			decision, err := evaluator.Evaluate(t.Context(), approval.Input{})
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(decision.RequireApproval).To(BeTrue())
			g.Expect(decision.Degraded).To(Equal(row.degraded))
			g.Expect(decision.Reason).To(ContainSubstring(row.reason))
		})
	}
}

func TestEvaluationThatFailsForOneInputIsDegraded(t *testing.T) {
	g := NewWithT(t)
	evaluator := &approval.Evaluator{Path: policy(t, `package aianalysis.approval
import rego.v1
require_approval := true if input.environment == "production"
require_approval := false if input.severity != "low"`)}
	_, err := evaluator.Load(t.Context())
	g.Expect(err).NotTo(HaveOccurred())

	decision, err := evaluator.Evaluate(t.Context(), approval.Input{Environment: "production"})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(decision.Degraded).To(BeTrue())
	g.Expect(decision.Reason).To(ContainSubstring("Policy evaluation failed"))
}

func TestMissingFileIsDegradedAndRefusesToLoad(t *testing.T) {
	g := NewWithT(t)
	evaluator := &approval.Evaluator{Path: filepath.Join(t.TempDir(), "none.rego")}
	decision, err := evaluator.Evaluate(t.Context(), approval.Input{})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(decision).To(Equal(approval.Decision{RequireApproval: true, Degraded: true, Reason: "Policy file not found: " + evaluator.Path}))
	_, err = evaluator.Load(t.Context())
	g.Expect(err).To(MatchError(os.ErrNotExist))
}

func TestBadPoliciesAreRefusedWithTheirPlace(t *testing.T) {
	for name, row := range map[string]struct{ source, message string }{
		"syntax":          {"package aianalysis.approval\nrequire_approval := ", "approval.rego:2"},
		"another package": {"package other", "does not define package aianalysis.approval"},
	} {
		t.Run(name, func(t *testing.T) {
			evaluator := &approval.Evaluator{Path: policy(t, row.source)}
			_, err := evaluator.Load(t.Context())
			NewWithT(t).Expect(err).To(MatchError(ContainSubstring(row.message)))
		})
	}
}

func TestEndedContextIsTheOnlyError(t *testing.T) {
	g := NewWithT(t)
	evaluator := &approval.Evaluator{Path: shipped}
	_, err := evaluator.Load(t.Context())
	g.Expect(err).NotTo(HaveOccurred())
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = evaluator.Evaluate(ctx, approval.Input{})
	g.Expect(err).To(MatchError(context.Canceled))
}

func TestWatcherTakesOverGoodPoliciesOnly(t *testing.T) {
	g := NewWithT(t)
	const approves = "package aianalysis.approval\nrequire_approval := false"
	evaluator := &approval.Evaluator{Path: policy(t, approves)}
	_, err := evaluator.Load(t.Context())
	g.Expect(err).NotTo(HaveOccurred())
	reloads, ended := make(chan error, 64), make(chan error)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		ended <- approval.Watcher{Evaluator: evaluator, Log: logr.Discard(), Reloaded: func(err error) { reloads <- err }}.Start(ctx)
	}()
	require := func() bool {
		decision, err := evaluator.Evaluate(t.Context(), approval.Input{})
		g.Expect(err).NotTo(HaveOccurred())
		return decision.RequireApproval
	}
	replace := func(source string) {
		beside := evaluator.Path + ".new"
		g.Expect(os.WriteFile(beside, []byte(source), 0o600)).To(Succeed())
		g.Expect(os.Rename(beside, evaluator.Path)).To(Succeed())
	}

	replace("package aianalysis.approval\nrequire_approval := nonsense")
	g.Eventually(reloads).Should(Receive(HaveOccurred()))
	g.Expect(require()).To(BeFalse())
	replace("package aianalysis.approval\nrequire_approval := true")
	g.Eventually(require).Should(BeTrue())
	cancel()
	g.Eventually(ended).Should(Receive(BeNil()))
}

func TestContextHasWhatAPersonNeeds(t *testing.T) {
	g := NewWithT(t)
	status := v1alpha1.AIAnalysisStatus{
		RootCause:            "limit too low",
		RootCauseAnalysis:    &v1alpha1.RootCauseAnalysis{ContributingFactors: []string{"load"}},
		SelectedWorkflow:     &v1alpha1.SelectedWorkflow{WorkflowID: "w1", Confidence: 0.7, Rationale: "fits"},
		AlternativeWorkflows: []v1alpha1.AlternativeWorkflow{{WorkflowID: "w2", Rationale: "less"}},
	}
	g.Expect(approval.Decision{RequireApproval: true, Reason: "why"}.Context(status)).To(Equal(&v1alpha1.ApprovalContext{
		Reason: "why", WhyApprovalRequired: "why", ConfidenceScore: 0.7, ConfidenceLevel: "medium",
		InvestigationSummary: "limit too low", EvidenceCollected: []string{"load"},
		RecommendedActions:     []v1alpha1.RecommendedAction{{Action: "w1", Rationale: "fits"}},
		AlternativesConsidered: []v1alpha1.ConsideredAlternative{{Approach: "w2", ProsCons: "less"}},
		PolicyEvaluation:       &v1alpha1.PolicyEvaluation{PolicyName: "aianalysis.approval", Decision: "manual_review_required"},
	}))
	degraded := approval.Decision{RequireApproval: true, Degraded: true}.Context(v1alpha1.AIAnalysisStatus{})
	g.Expect(degraded.PolicyEvaluation.Decision).To(Equal("degraded_mode"))
	for confidence, level := range map[float64]string{0.8: "high", 0.79: "medium", 0.6: "medium", 0.59: "low"} {
		g.Expect(approval.Level(confidence)).To(Equal(level))
	}
}

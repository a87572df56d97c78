package aianalysis

import (
	"os"
	"path/filepath"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/jordigilh/kubernaut/api/aianalysis/v1alpha1"
	"github.com/jordigilh/kubernaut/internal/aianalysis/manager"
)

var _ = Describe("approval policy", func() {
	write := func(path, rules string) {
		beside := path + ".new"
		Expect(os.WriteFile(beside, []byte("package aianalysis.approval\nimport rego.v1\n"+rules), 0o600)).To(Succeed())
		Expect(os.Rename(beside, path)).To(Succeed())
	}

	It("is taken over while the manager runs, unless it is wrong", func(ctx SpecContext) {
		place, path := namespace(ctx), filepath.Join(GinkgoT().TempDir(), "approval.rego")
		write(path, "require_approval := false\nreason := \"first\"")
		led := lead(place, func(o *manager.Options) { o.PolicyPath = path })
		Expect(ended(ctx, analysis("OOMKilled", in(place), environment("production"))).Status.ApprovalReason).To(Equal("first"))

		write(path, "require_approval := nonsense")
		Eventually(func() float64 { return count(led.metrics, "aianalysis_rego_reloads_total", "result", "failure") }).
			WithTimeout(patience).Should(BeNumerically(">=", 1))
		Expect(ended(ctx, analysis("OOMKilled", in(place))).Status.ApprovalReason).To(Equal("first"))

		write(path, "require_approval := true\nreason := \"second\"")
		Eventually(func() float64 { return count(led.metrics, "aianalysis_rego_reloads_total", "result", "success") }).
			WithTimeout(patience).Should(BeNumerically(">=", 1))
		Expect(ended(ctx, analysis("OOMKilled", in(place))).Status.ApprovalReason).To(Equal("second"))
	})

	It("requires approval when it answers nonsense for one input", func(ctx SpecContext) {
		place, path := namespace(ctx), filepath.Join(GinkgoT().TempDir(), "approval.rego")
		write(path, "require_approval := \"yes\" if input.environment == \"staging\"")
		lead(place, func(o *manager.Options) { o.PolicyPath = path })
		found := ended(ctx, analysis("OOMKilled", in(place)))

		Expect(found.Status.Phase).To(Equal(v1alpha1.PhaseCompleted))
		Expect(found.Status.DegradedMode).To(BeTrue())
		Expect(found.Status.ApprovalRequired).To(BeTrue())
		Expect(found.Status.ApprovalContext.PolicyEvaluation.Decision).To(Equal("degraded_mode"))
		Eventually(kubernetesEvents(ctx, found)).WithTimeout(patience).Should(ContainElement("ApprovalPolicyDegraded"))
	})

	DescribeTable("keeps a manager from starting when it is wrong",
		func(ctx SpecContext, content, message string) {
			chosen := options(world.namespace)
			chosen.PolicyPath = filepath.Join(GinkgoT().TempDir(), "approval.rego")
			if content != "" {
				Expect(os.WriteFile(chosen.PolicyPath, []byte(content), 0o600)).To(Succeed())
			}
			_, err := manager.New(ctx, world.config, chosen)
			Expect(err).To(MatchError(ContainSubstring(message)))
		},
		Entry("missing", "", "approval.rego: no such file"),
		Entry("a syntax error", "package aianalysis.approval\nrequire_approval := ", "approval.rego:2"),
		Entry("another package", "package other\n", "does not define package aianalysis.approval"),
	)
})

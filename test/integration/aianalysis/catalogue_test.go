package aianalysis

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	ogenclient "github.com/jordigilh/kubernaut/pkg/datastorage/ogen-client"
)

// disabled takes a workflow from the catalogue for as long as the spec runs.
func disabled(ctx context.Context, id string) {
	GinkgoHelper()
	answer, err := world.trail.DisableWorkflow(ctx, &ogenclient.DisableRequest{}, ogenclient.DisableWorkflowParams{WorkflowID: id})
	Expect(err).NotTo(HaveOccurred())
	Expect(answer).To(BeAssignableToTypeOf(&ogenclient.RemediationWorkflow{}))
	DeferCleanup(func(ctx SpecContext) {
		answer, err := world.trail.UpdateWorkflow(ctx, &ogenclient.WorkflowPatch{Status: ogenclient.StatusActive},
			ogenclient.UpdateWorkflowParams{WorkflowID: id})
		Expect(err).NotTo(HaveOccurred())
		Expect(answer).To(BeAssignableToTypeOf(&ogenclient.RemediationWorkflow{}))
	})
}

package stack

import (
	"testing"

	. "github.com/onsi/gomega"
)

func TestInstanceIsRefusedADatabaseThatOthersUse(t *testing.T) {
	t.Setenv("DATABASE_URL", "postgresql:///shared")

	s, err := newStack(Options{RunID: "spec"}, "spec")
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	_, err = s.StartInstance(t.Context(), "one")

	NewWithT(t).Expect(err).To(MatchError(And(ContainSubstring("DATABASE_URL"), ContainSubstring("unset it"))))
}

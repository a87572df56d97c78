package stack

import (
	"testing"

	. "github.com/onsi/gomega"
)

func TestInstanceIsRefusedADatabaseThatOthersUse(t *testing.T) {
	t.Setenv("DATABASE_URL", "postgresql:///shared")

	_, err := newStack(Options{RunID: "spec"}).StartInstance(t.Context(), "one")

	NewWithT(t).Expect(err).To(MatchError(And(ContainSubstring("DATABASE_URL"), ContainSubstring("unset it"))))
}

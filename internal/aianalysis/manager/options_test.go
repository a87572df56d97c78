package manager_test

import (
	"testing"

	. "github.com/onsi/gomega"
	"github.com/prometheus/client_golang/prometheus"
	"k8s.io/client-go/rest"

	"github.com/jordigilh/kubernaut/internal/aianalysis/manager"
)

func TestDefaultOptionsAreValid(t *testing.T) {
	NewWithT(t).Expect(manager.Default().Validate()).To(Succeed())
}

func TestEveryWrongOptionIsNamed(t *testing.T) {
	g := NewWithT(t)
	err := manager.Options{HolmesGPTURL: "host:1", DataStorageURL: "ftp://host"}.Validate()
	for _, flag := range []string{"--holmesgpt-api-url", "--datastorage-url", "--token-path", "--rego-policy-path",
		"--holmesgpt-api-timeout", "--rego-timeout", "--datastorage-timeout", "--retry-base", "--audit-redelivery", "--max-concurrent-reconciles"} {
		g.Expect(err).To(MatchError(ContainSubstring(flag + " is ")))
	}
}

func TestABadPolicyStopsTheStart(t *testing.T) {
	options := manager.Default()
	options.PolicyPath, options.Registry = t.TempDir(), prometheus.NewRegistry()
	_, err := manager.New(t.Context(), &rest.Config{}, options)
	NewWithT(t).Expect(err).To(MatchError(ContainSubstring("approval policy")))
}

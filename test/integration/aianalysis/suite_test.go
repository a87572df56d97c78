package aianalysis

import (
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest"
	"github.com/jordigilh/kubernaut/test/infrastructure/suite"
)

func TestAIAnalysis(t *testing.T) {
	RegisterFailHandler(Fail)
	settings := suite.FromEnvironment("integration-aianalysis")
	environment := suite.New(settings, SeedTestWorkflowsInDataStorage)
	environment.Manifests = []string{"config/crd", "config/rbac"}
	hooks := environment.Hooks()
	hooks.Receive = receive
	ginkgopytest.RunGoSpecs(t, "AIAnalysis integration", settings.Reports(), hooks)
}

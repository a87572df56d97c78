package holmesgptapi

import (
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest"
	"github.com/jordigilh/kubernaut/test/infrastructure/suite"
)

func TestHolmesGPTAPI(t *testing.T) {
	RegisterFailHandler(Fail)
	settings := suite.FromEnvironment("integration-holmesgptapi")
	// The services' environment, because the tests call HAPI's modules, too.
	tests := settings.Pytest("holmesgpt-api/tests/integration", ".venv")
	tests.Hooks = suite.New(settings, SeedTestWorkflowsInDataStorage).Hooks()
	ginkgopytest.RunSpecs(t, "HolmesGPT API integration", tests)
}

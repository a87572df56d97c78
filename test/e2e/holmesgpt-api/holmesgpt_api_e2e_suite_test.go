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
	settings := suite.FromEnvironment("e2e-holmesgpt-api")
	tests := settings.Pytest("holmesgpt-api/tests/e2e", ".venv-e2e")
	tests.Hooks = suite.New(settings, SeedTestWorkflowsInDataStorage).Hooks()
	ginkgopytest.RunSpecs(t, "HolmesGPT API end to end", tests)
}

package suite

import (
	"os"
	"path/filepath"
	"testing"

	. "github.com/onsi/gomega"
)

func clear(t *testing.T) {
	t.Helper()
	for _, name := range []string{"REPORTS_DIR", "E2E_RUN_ID", "KEEP_CLUSTER", "WORKERS", "E2E_PYTEST_DIR"} {
		t.Setenv(name, "")
	}
}

func TestSettingsOfAnEmptyEnvironmentAreThoseOfTheCheckout(t *testing.T) {
	g := NewWithT(t)
	clear(t)
	settings := FromEnvironment("e2e-name")
	g.Expect(settings.Path("go.mod")).To(BeARegularFile())
	g.Expect(settings.Keep).To(BeFalse())
	tests := settings.Pytest("holmesgpt-api/tests/e2e", ".venv-e2e")
	g.Expect(tests.Dir).To(Equal(settings.Path("holmesgpt-api/tests/e2e")))
	g.Expect(tests.Python).To(Equal(settings.Path(".venv-e2e/bin/python")))
	g.Expect(tests.Reports.Dir).To(Equal(settings.Path("reports/e2e-name")))
	g.Expect(tests.Reports.RunID).NotTo(BeEmpty())
	g.Expect(FromEnvironment("e2e-name").RunID).NotTo(Equal(settings.RunID))
}

func TestTheEnvironmentChoosesAnotherFolderRunAndProject(t *testing.T) {
	g := NewWithT(t)
	for name, value := range map[string]string{
		"REPORTS_DIR": "elsewhere", "E2E_RUN_ID": "mine", "KEEP_CLUSTER": "true", "WORKERS": "3", "E2E_PYTEST_DIR": "other",
	} {
		t.Setenv(name, value)
	}
	settings := FromEnvironment("e2e-name")
	g.Expect(settings.Reports().Dir).To(Equal(filepath.Join("elsewhere", "e2e-name")))
	g.Expect(settings.Reports().RunID).To(Equal("mine"))
	g.Expect(settings.Keep).To(BeTrue())
	tests := settings.Pytest("holmesgpt-api/tests/e2e", ".venv-e2e")
	g.Expect(tests.Dir).To(Equal("other"))
	g.Expect(tests.Workers).To(Equal("3"))
}

func TestOnlyTheWordTrueKeepsAStack(t *testing.T) {
	clear(t)
	g := NewWithT(t)
	g.Expect(os.Setenv("KEEP_CLUSTER", "no")).To(Succeed())
	g.Expect(FromEnvironment("e2e-name").Keep).To(BeFalse())
}

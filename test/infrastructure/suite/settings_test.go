package suite

import (
	"os"
	"path/filepath"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/store"
)

func clear(t *testing.T) {
	t.Helper()
	for _, name := range []string{"REPORTS_DIR", "E2E_RUN_ID", "KEEP_CLUSTER", "WORKERS", "E2E_PYTEST_DIR", "REPORTS_KEEP_RUNS", "REPORTS_KEEP_MB", "FAIL_ON_FLAKY"} {
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

func TestTheEnvironmentSaysWhatStaysOfEarlierRuns(t *testing.T) {
	clear(t)
	g := NewWithT(t)
	t.Setenv("REPORTS_KEEP_RUNS", "20")
	t.Setenv("REPORTS_KEEP_MB", "3")
	g.Expect(FromEnvironment("e2e-name").Reports().Keep).To(Equal(store.Limits{Runs: 20, Bytes: 3 << 20}))
	t.Setenv("REPORTS_KEEP_RUNS", "many")
	_, err := FromEnvironment("e2e-name").keep()
	g.Expect(err).To(MatchError(`REPORTS_KEEP_RUNS is "many": set it to a number, or unset it to keep all`))
}

func TestOnlyTheWordTrueKeepsAStack(t *testing.T) {
	clear(t)
	g := NewWithT(t)
	g.Expect(os.Setenv("KEEP_CLUSTER", "no")).To(Succeed())
	g.Expect(FromEnvironment("e2e-name").Keep).To(BeFalse())
}

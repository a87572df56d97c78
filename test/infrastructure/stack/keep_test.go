package stack

import (
	"bytes"
	"context"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"

	. "github.com/onsi/gomega"
	"k8s.io/apimachinery/pkg/util/uuid"

	"github.com/jordigilh/kubernaut/test/infrastructure/parts"
	"github.com/jordigilh/kubernaut/test/infrastructure/process"
	"github.com/jordigilh/kubernaut/test/infrastructure/runs"
	"github.com/jordigilh/kubernaut/test/infrastructure/seed"
	"github.com/jordigilh/kubernaut/test/workflows"
)

type keptRun struct {
	*Stack
	out *bytes.Buffer
}

func upKeptRun(t *testing.T, root string) keptRun {
	t.Helper()
	g := NewWithT(t)
	run, err := runs.New()
	g.Expect(err).NotTo(HaveOccurred())
	t.Cleanup(func() { g.Expect(run.Release()).To(Succeed()) })
	out := &bytes.Buffer{}
	s, err := Up(t.Context(), Options{RunID: run.ID, ReportDir: t.TempDir(), RepoRoot: root, Keep: true,
		Python: filepath.Join(root, ".venv", "bin", "python"), Namespace: "holmesgpt-api-e2e", Progress: out})
	g.Expect(err).NotTo(HaveOccurred())
	// A failed assertion must not keep the claim from the clean-up.
	t.Cleanup(func() { _ = s.claim.release() })
	scenarios := filepath.Join(t.TempDir(), "scenarios.yaml")
	all, err := workflows.All()
	g.Expect(err).NotTo(HaveOccurred())
	ids := map[string]string{}
	for _, workflow := range all {
		ids[workflow.Name] = string(uuid.NewUUID())
	}
	g.Expect(seed.WriteScenarios(scenarios, ids)).To(Succeed())
	g.Expect(s.StartMockLLM(t.Context(), scenarios)).To(Succeed())
	g.Expect(s.WaitReady(t.Context())).To(Succeed())
	t.Log(out)
	return keptRun{s, out}
}

// shortTemporary leaves the developer's own kept stack alone and fits into the
// length of a unix socket's path.
func shortTemporary(t *testing.T) {
	t.Helper()
	g := NewWithT(t)
	dir, err := os.MkdirTemp("", "k-")
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(os.Chmod(dir, 0o711)).To(Succeed())
	t.Cleanup(func() { g.Expect(os.RemoveAll(dir)).To(Succeed()) })
	t.Setenv("TMPDIR", dir)
}

func TestKeptStackIsReusedRestartedReplacedAndEnded(t *testing.T) {
	g := NewWithT(t)
	root, err := filepath.Abs("../../..")
	g.Expect(err).NotTo(HaveOccurred())
	shortTemporary(t)
	t.Cleanup(func() {
		_, err := DownKept(context.Background(), root, t.Output())
		g.Expect(err).NotTo(HaveOccurred())
	})

	first := upKeptRun(t, root)
	g.Expect(first.Reused).To(BeFalse())
	g.Expect(first.Down(t.Context())).To(Succeed())
	g.Expect(first.out.String()).To(And(ContainSubstring(first.HolmesGPTURL), ContainSubstring(first.Kubeconfig),
		ContainSubstring("make stack-down")))

	second := upKeptRun(t, root)
	g.Expect(second.Reused).To(BeTrue())
	g.Expect(second.PIDs()[parts.DataStorage]).To(Equal(first.PIDs()[parts.DataStorage]))
	g.Expect(second.PIDs()[parts.MockLLM]).NotTo(Equal(first.PIDs()[parts.MockLLM]))
	g.Expect(second.MockLLMURL).To(Equal(first.MockLLMURL))
	g.Expect(second.Logs).To(And(HaveKeyWithValue(parts.DataStorage, first.Logs[parts.DataStorage]),
		HaveKeyWithValue(parts.MockLLM, filepath.Join(second.LogDir, "mock-llm.log"))))

	changed := second.record()
	old := changed.Parts[parts.DataStorage]
	old.Fingerprint = "other sources"
	changed.Parts[parts.DataStorage] = old
	g.Expect(second.claim.save(changed)).To(Succeed())
	g.Expect(second.Down(t.Context())).To(Succeed())
	third := upKeptRun(t, root)
	g.Expect(third.out.String()).To(ContainSubstring("changed and restarted: datastorage\n"))
	g.Expect(third.DataStorageURL).To(Equal(first.DataStorageURL))
	g.Expect(third.PIDs()[parts.DataStorage]).NotTo(Equal(first.PIDs()[parts.DataStorage]))
	g.Expect(third.PIDs()[parts.HAPI]).To(Equal(first.PIDs()[parts.HAPI]))
	g.Expect(third.PIDs()[parts.Postgres]).To(Equal(first.PIDs()[parts.Postgres]))
	g.Expect(third.Down(t.Context())).To(Succeed())

	g.Expect(syscall.Kill(first.PIDs()[parts.HAPI], syscall.SIGKILL)).To(Succeed())
	g.Eventually(first.Dead).Should(ContainElement(ContainSubstring(parts.HAPI)))
	fourth := upKeptRun(t, root)
	g.Expect(fourth.Reused).To(BeFalse())
	g.Expect(fourth.out.String()).To(And(ContainSubstring("is replaced"), ContainSubstring("holmesgpt-api")))
	g.Expect(first.Dir).NotTo(BeADirectory())
	g.Expect(process.Children(first.owner, true)).To(BeEmpty())
	g.Expect(fourth.Down(t.Context())).To(Succeed())

	var ended bytes.Buffer
	found, err := DownKept(t.Context(), root, &ended)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(found).To(BeTrue())
	for _, name := range slices.Sorted(maps.Keys(first.PIDs())) {
		g.Expect(ended.String()).To(ContainSubstring("ended " + name + " (pid "))
	}
	g.Expect(process.Children(fourth.owner, true)).To(BeEmpty())
	g.Expect(fourth.Dir).NotTo(BeADirectory())
}

package stack

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/jordigilh/kubernaut/test/infrastructure/controlplane"
	"github.com/jordigilh/kubernaut/test/infrastructure/process"
	"github.com/jordigilh/kubernaut/test/infrastructure/runs"
)

func TestFailedUpLeavesNothingBehind(t *testing.T) {
	g := NewWithT(t)
	assets, err := controlplane.Assets("../../..")
	g.Expect(err).NotTo(HaveOccurred())
	t.Setenv("KUBEBUILDER_ASSETS", assets)
	python, err := filepath.Abs("../../../.venv/bin/python")
	g.Expect(err).NotTo(HaveOccurred())
	run, err := runs.New()
	g.Expect(err).NotTo(HaveOccurred())
	defer run.Release()
	_, err = Up(t.Context(), Options{RunID: run.ID, ReportDir: t.TempDir(), RepoRoot: t.TempDir(), Python: python, Namespace: "spec"})
	g.Expect(err).To(HaveOccurred())
	t.Log(err)
	g.Expect(filepath.Join(os.TempDir(), "kubernaut-"+run.ID)).NotTo(BeADirectory())
	pids, err := filepath.Glob("/proc/[0-9]*")
	g.Expect(err).NotTo(HaveOccurred())
	for _, path := range pids {
		g.Expect(process.Environ(atoi(path))[process.MarkVariable]).NotTo(Equal(run.ID), path)
	}
}

func atoi(path string) int {
	pid, _ := strconv.Atoi(filepath.Base(path))
	return pid
}

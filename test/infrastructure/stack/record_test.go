package stack

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/jordigilh/kubernaut/test/infrastructure/process"
	"github.com/jordigilh/kubernaut/test/infrastructure/runs"
)

func TestDownKeptEndsWhatARunnerLeftBeforeItsStackWasUp(t *testing.T) {
	g := NewWithT(t)
	t.Setenv("TMPDIR", t.TempDir())
	root, dir, id := t.TempDir(), "", "early-"+strconv.Itoa(os.Getpid())
	dir = runs.Dir(id)
	g.Expect(os.Mkdir(dir, 0o700)).To(Succeed())
	launch := func(keep bool) *process.Process {
		part, err := process.Launch(process.Spec{Name: "part", Path: "/bin/sleep", Args: []string{"60"},
			Env: runs.Mark(id), LogPath: filepath.Join(t.TempDir(), "log"), Life: process.Life{Keep: keep}})
		g.Expect(err).NotTo(HaveOccurred())
		return part
	}
	kept, other := launch(true), launch(false)
	defer func() { g.Expect(other.Stop(t.Context())).To(Succeed()) }()
	c, err := claimKept(root)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(c.save(record{RunID: id, Dir: dir})).To(Succeed())
	g.Expect(c.release()).To(Succeed())

	var out bytes.Buffer
	found, err := DownKept(t.Context(), root, &out)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(found).To(BeTrue())
	g.Eventually(kept.Exited()).Should(BeClosed())
	g.Expect(other.Exited()).NotTo(BeClosed())
	g.Expect(out.String()).To(ContainSubstring("ended pid " + strconv.Itoa(kept.PID)))
	g.Expect(dir).NotTo(BeADirectory())
	found, err = DownKept(t.Context(), root, &out)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(found).To(BeFalse())
}

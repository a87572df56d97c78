package files_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/jordigilh/kubernaut/test/infrastructure/files"
)

func TestWrittenFileIsItsOwnersAlone(t *testing.T) {
	g := NewWithT(t)
	path := filepath.Join(t.TempDir(), "token")
	g.Expect(os.WriteFile(path, []byte("an older one"), 0o644)).To(Succeed())

	g.Expect(files.Write(path, []byte("new"))).To(Succeed())

	g.Expect(os.ReadFile(path)).To(BeEquivalentTo("new"))
	info, err := os.Stat(path)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(info.Mode().Perm()).To(Equal(os.FileMode(0o600)))
}

func TestReaderSeesAllOfAFileOrNone(t *testing.T) {
	g := NewWithT(t)
	path, size := filepath.Join(t.TempDir(), "file"), 1<<20
	g.Expect(files.Write(path, bytes.Repeat([]byte{0}, size))).To(Succeed())
	ended := make(chan error, 1)
	go func() {
		for i := range 20 {
			if err := files.Write(path, bytes.Repeat([]byte{byte(i)}, size)); err != nil {
				ended <- err
				return
			}
		}
		ended <- nil
	}()
	for {
		data, err := os.ReadFile(path)
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(bytes.Count(data, data[:1])).To(Equal(size), "a part of one file, or of two")
		select {
		case err := <-ended:
			g.Expect(err).NotTo(HaveOccurred())
			return
		default:
		}
	}
}

func TestFailedWriteLeavesNothingBeside(t *testing.T) {
	g := NewWithT(t)
	dir := t.TempDir()
	path := filepath.Join(dir, "taken")
	g.Expect(os.Mkdir(path, 0o700)).To(Succeed())

	g.Expect(files.Write(path, []byte("x"))).To(MatchError(ContainSubstring(path + " not written")))

	g.Expect(os.ReadDir(dir)).To(HaveLen(1))
	g.Expect(files.Write(filepath.Join(dir, "missing", "x"), nil)).To(MatchError(ContainSubstring("not written")))
}

package stack

import (
	"os"
	"path/filepath"
	"testing"

	. "github.com/onsi/gomega"
)

func checkout(t *testing.T) string {
	t.Helper()
	g, root := NewWithT(t), t.TempDir()
	for _, paths := range sources {
		for _, path := range paths {
			if path != "uv.lock" {
				g.Expect(os.MkdirAll(filepath.Join(root, path), 0o700)).To(Succeed())
			}
		}
	}
	g.Expect(os.WriteFile(filepath.Join(root, "uv.lock"), []byte("lock"), 0o600)).To(Succeed())
	return root
}

func TestFingerprintsChangeForTheServicesThatUseASource(t *testing.T) {
	g, root := NewWithT(t), checkout(t)
	change := func(path string) map[string]string {
		path = filepath.Join(root, path)
		g.Expect(os.MkdirAll(filepath.Dir(path), 0o700)).To(Succeed())
		g.Expect(os.WriteFile(path, []byte("x = 1\n"), 0o600)).To(Succeed())
		found, err := fingerprints(root, "python")
		g.Expect(err).NotTo(HaveOccurred())
		return found
	}
	before, err := fingerprints(root, "python")
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(change("datastorage/src/__pycache__/app.pyc")).To(Equal(before))
	own := change("datastorage/src/app.py")
	g.Expect(own[dataStorage]).NotTo(Equal(before[dataStorage]))
	g.Expect(own[holmesGPT]).To(Equal(before[holmesGPT]))
	shared := change("libs/kube-auth/src/auth.py")
	g.Expect(shared[dataStorage]).NotTo(Equal(own[dataStorage]))
	g.Expect(shared[holmesGPT]).NotTo(Equal(own[holmesGPT]))
}

func TestFingerprintsNameTheServiceWhoseSourceIsMissing(t *testing.T) {
	g, root := NewWithT(t), checkout(t)
	g.Expect(os.Remove(filepath.Join(root, "uv.lock"))).To(Succeed())
	_, err := fingerprints(root, "python")
	g.Expect(err).To(MatchError(And(ContainSubstring("fingerprint"), ContainSubstring("uv.lock"))))
}

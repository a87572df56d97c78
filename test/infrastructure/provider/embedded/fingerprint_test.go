package embedded

import (
	"os"
	"path/filepath"
	"testing"

	. "github.com/onsi/gomega"
)

var sources = []string{"service/src", "shared/src", "lock"}

func checkout(t *testing.T) string {
	t.Helper()
	g, root := NewWithT(t), t.TempDir()
	for _, folder := range sources[:2] {
		g.Expect(os.MkdirAll(filepath.Join(root, folder), 0o700)).To(Succeed())
	}
	g.Expect(os.WriteFile(filepath.Join(root, "lock"), []byte("lock"), 0o600)).To(Succeed())
	return root
}

func TestFingerprintChangesWithASourceAlone(t *testing.T) {
	g, root := NewWithT(t), checkout(t)
	change := func(path string) string {
		path = filepath.Join(root, path)
		g.Expect(os.MkdirAll(filepath.Dir(path), 0o700)).To(Succeed())
		g.Expect(os.WriteFile(path, []byte("x = 1\n"), 0o600)).To(Succeed())
		found, err := fingerprint(root, "python", sources)
		g.Expect(err).NotTo(HaveOccurred())
		return found
	}
	before, err := fingerprint(root, "python", sources)
	g.Expect(err).NotTo(HaveOccurred())
	other, err := fingerprint(root, "another python", sources)
	g.Expect(err).NotTo(HaveOccurred())

	g.Expect(other).NotTo(Equal(before))
	g.Expect(change("service/src/__pycache__/app.pyc")).To(Equal(before))
	g.Expect(change("elsewhere/src/app.py")).To(Equal(before))
	own := change("service/src/app.py")
	g.Expect(own).NotTo(Equal(before))
	g.Expect(change("shared/src/app.py")).NotTo(Equal(own))
}

func TestFingerprintNamesTheSourceThatIsMissing(t *testing.T) {
	g, root := NewWithT(t), checkout(t)
	g.Expect(os.Remove(filepath.Join(root, "lock"))).To(Succeed())

	_, err := fingerprint(root, "python", sources)

	g.Expect(err).To(MatchError(ContainSubstring("lock")))
}

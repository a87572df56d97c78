package source_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/internal/source"
)

// checkout is a repository with one committed file.
func checkout(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	write(t, dir, "kept.py", "one")
	write(t, dir, ".gitignore", "ignored")
	git(t, dir, "init", "-q")
	git(t, dir, "add", ".")
	git(t, dir, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "one")
	return dir
}

func git(t *testing.T, dir string, args ...string) {
	t.Helper()
	command := exec.CommandContext(t.Context(), "git", args...)
	command.Dir = dir
	output, err := command.CombinedOutput()
	NewWithT(t).Expect(err).NotTo(HaveOccurred(), string(output))
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	NewWithT(t).Expect(os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644)).To(Succeed())
}

func TestEachChangeOfTheSourceChangesTheFingerprint(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	dir := checkout(t)
	clean := source.Fingerprint(dir)
	g.Expect(clean).To(MatchRegexp("^[0-9a-f]{40}$"))
	write(t, dir, "ignored", "log")
	g.Expect(source.Fingerprint(dir)).To(Equal(clean))

	seen := map[string]bool{clean: true}
	for _, change := range []struct{ name, text string }{{"kept.py", "two"}, {"new.py", "one"}, {"new.py", "two"}} {
		write(t, dir, change.name, change.text)
		print := source.Fingerprint(dir)
		g.Expect(print).To(MatchRegexp("^[0-9a-f]{40}[+][0-9a-f]{12}$"))
		g.Expect(seen).NotTo(HaveKey(print))
		seen[print] = true
	}
	g.Expect(os.Remove(filepath.Join(dir, "new.py"))).To(Succeed())
	write(t, dir, "kept.py", "one")
	g.Expect(source.Fingerprint(dir)).To(Equal(clean))
}

func TestWithoutACheckoutTheSourceIsNotKnown(t *testing.T) {
	t.Parallel()
	NewWithT(t).Expect(source.Fingerprint(t.TempDir())).To(BeEmpty())
}

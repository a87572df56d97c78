package leak_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/jordigilh/kubernaut/test/infrastructure/leak"
)

func TestLogsWithASecretAreNamed(t *testing.T) {
	end := strings.Repeat("s", 40)
	for name, c := range map[string]struct {
		text  string
		found int
	}{
		"whole":           {"token=header.payload." + end, 1},
		"end of it":       {"..." + end + "...", 1},
		"beginning of it": {"token=header.payload...", 0},
		"nothing":         {"started", 0},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			dir := t.TempDir()
			path := filepath.Join(dir, "deep", "service.log")
			g.Expect(os.MkdirAll(filepath.Dir(path), 0o700)).To(Succeed())
			g.Expect(os.WriteFile(path, []byte(c.text), 0o600)).To(Succeed())

			found, err := leak.Find(dir, "header.payload."+end, "body")

			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(found).To(HaveLen(c.found))
			for _, one := range found {
				g.Expect(one).To(Equal(path + " has secret 1"))
			}
		})
	}
}

func TestFolderWithoutLogsIsAnError(t *testing.T) {
	_, err := leak.Find(t.TempDir(), "secret")

	NewWithT(t).Expect(err).To(MatchError(ContainSubstring("no files")))
}

package postgres

import (
	"os"
	"os/exec"
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

func TestServerAnswersAQuery(t *testing.T) {
	g := NewWithT(t)
	t.Setenv("DATABASE_URL", "")
	dir, err := os.MkdirTemp("", "kubernaut-")
	g.Expect(err).NotTo(HaveOccurred())
	defer os.RemoveAll(dir)
	g.Expect(os.Chmod(dir, 0o711)).To(Succeed())
	begin := time.Now()
	server, err := Start(t.Context(), Options{Python: "../../../.venv/bin/python", Dir: dir, LogDir: dir})
	g.Expect(err).NotTo(HaveOccurred())
	defer func() { g.Expect(server.Stop(t.Context())).To(Succeed()) }()
	t.Logf("postgres ready in %s", time.Since(begin))
	output, err := exec.Command("../../../.venv/bin/python", "-c",
		"import psycopg, sys; print(psycopg.connect(sys.argv[1]).execute('select 41 + 1').fetchone()[0])", server.URL).CombinedOutput()
	g.Expect(err).NotTo(HaveOccurred(), string(output))
	g.Expect(string(output)).To(Equal("42\n"))
}

func TestGivenDatabaseIsUsedAsItIs(t *testing.T) {
	g := NewWithT(t)
	t.Setenv("DATABASE_URL", "postgresql://elsewhere/db")
	server, err := Start(t.Context(), Options{})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(server.URL).To(Equal("postgresql://elsewhere/db"))
	g.Expect(server.Stop(t.Context())).To(Succeed())
}

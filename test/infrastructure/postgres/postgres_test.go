package postgres

import (
	"context"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

const python = "../../../.venv/bin/python"

func started(t *testing.T) *Server {
	t.Helper()
	g := NewWithT(t)
	t.Setenv("DATABASE_URL", "")
	dir, err := os.MkdirTemp("", "kubernaut-")
	g.Expect(err).NotTo(HaveOccurred())
	t.Cleanup(func() { g.Expect(os.RemoveAll(dir)).To(Succeed()) })
	g.Expect(os.Chmod(dir, 0o711)).To(Succeed())
	begin := time.Now()
	server, err := Start(t.Context(), Options{Python: python, Dir: dir, LogDir: dir})
	g.Expect(err).NotTo(HaveOccurred())
	t.Cleanup(func() { g.Expect(server.Stop(context.Background())).To(Succeed()) })
	t.Logf("postgres ready in %s", time.Since(begin))
	return server
}

func TestServerAnswersAQuery(t *testing.T) {
	g := NewWithT(t)
	server := started(t)
	output, err := exec.Command(python, "-c",
		"import psycopg, sys; print(psycopg.connect(sys.argv[1]).execute('select 41 + 1').fetchone()[0])", server.URL).CombinedOutput()
	g.Expect(err).NotTo(HaveOccurred(), string(output))
	g.Expect(string(output)).To(Equal("42\n"))
}

func TestGivenDatabaseIsUsedAsItIs(t *testing.T) {
	g := NewWithT(t)
	own := started(t)

	t.Setenv("DATABASE_URL", own.URL)
	given, err := Start(t.Context(), Options{Python: python})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(given.URL).To(Equal(own.URL))
	g.Expect(given.Stop(t.Context())).To(Succeed())
	g.Expect(own.Process.Ended()).To(Succeed(), "a given server is not ours to stop")

	t.Setenv("DATABASE_URL", strings.Replace(own.URL, "/postgres?", "/nowhere?", 1))
	_, err = Start(t.Context(), Options{Python: python})
	g.Expect(err).To(MatchError(And(HavePrefix("DATABASE_URL: "), ContainSubstring(`"nowhere" does not exist`),
		ContainSubstring("correct it, or unset it"))))
	password, _ := url.Parse(own.URL)
	secret, _ := password.User.Password()
	g.Expect(err.Error()).NotTo(ContainSubstring(secret))
}

func TestDatabaseURLThatIsNoneIsToldInOneSentence(t *testing.T) {
	g := NewWithT(t)
	t.Setenv("DATABASE_URL", "nonsense")
	_, err := Start(t.Context(), Options{Python: python})
	g.Expect(err).To(MatchError(And(HavePrefix("DATABASE_URL: "), ContainSubstring("nonsense"))))
	g.Expect(err.Error()).NotTo(ContainSubstring("\n"))
}

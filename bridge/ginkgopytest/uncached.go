package ginkgopytest

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// ahead is how far in the future the mark's time lies; renewed by each run.
const ahead = 10 * 365 * 24 * time.Hour

// forbidCaching keeps cmd/go from answering the next `go test` with the result
// of this one: it sees neither the Python files nor the services that decide it.
//
// cmd/go keeps no result of a test that opened a file newer than itself, as far
// as the file's path begins in the test's module. The mark is such a file: its
// time is ahead, and its path leaves the module again only after it began there,
// so that nothing is written into anybody's tree.
func forbidCaching() error {
	if asked := flag.Lookup("test.testlogfile"); asked == nil || asked.Value.String() == "" {
		return nil
	}
	module, err := moduleRoot()
	if err != nil || module == "" {
		return err
	}
	mark, err := futureFile()
	if err != nil {
		return fmt.Errorf("keep go test from caching: %w", err)
	}
	path, err := throughModule(module, mark)
	if err != nil {
		return fmt.Errorf("keep go test from caching: %w", err)
	}
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("keep go test from caching: %w", err)
	}
	return file.Close()
}

// futureFile outlives the run, because cmd/go looks at it after the run's end.
func futureFile() (string, error) {
	path := filepath.Join(os.TempDir(), fmt.Sprintf("ginkgopytest-uncached-%d", os.Getuid()))
	file, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return "", err
	}
	if err := file.Close(); err != nil {
		return "", err
	}
	then := time.Now().Add(ahead)
	return path, os.Chtimes(path, then, then)
}

// throughModule names a file by a path that begins with the module's root. Two
// dots after a link go up from where the link leads.
func throughModule(module, path string) (string, error) {
	const separator = string(filepath.Separator)
	real, err := filepath.EvalSymlinks(module)
	up := strings.Repeat(".."+separator, strings.Count(real, separator))
	return module + separator + up + strings.TrimPrefix(path, separator), err
}

// moduleRoot is the folder of the go.mod above the test; empty if there is none.
func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		} else if !errors.Is(err, os.ErrNotExist) {
			return "", err
		}
		above := filepath.Dir(dir)
		if above == dir {
			return "", nil
		}
		dir = above
	}
}

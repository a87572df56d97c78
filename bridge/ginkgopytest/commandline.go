package ginkgopytest

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
)

// recognised is what ginkgo's command line looks for in the test files of a
// package. It runs a package without it as a plain go test.
var recognised = regexp.MustCompile(`/ginkgo"|/ginkgo/v2"|/ginkgo/v2/dsl/`)

// unrecognised says what is wrong if ginkgo's command line runs this process
// without knowing that it is a suite: --dry-run, filters and -p are lost then,
// and what it reports is not what was asked for. It is empty otherwise.
func unrecognised(dir string) (string, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
	if err != nil || len(files) == 0 {
		return "", err
	}
	for _, path := range files {
		text, err := os.ReadFile(path)
		if err != nil {
			return "", err
		}
		if recognised.Match(text) {
			return "", nil
		}
	}
	if !belowGinkgo(os.Getppid()) {
		return "", nil
	}
	return fmt.Sprintf("the ginkgo command took %s for a plain go test and dropped its flags, because no test file imports ginkgo: "+
		"add `import _ \"github.com/onsi/ginkgo/v2\"` to %s", dir, filepath.Base(files[0])), nil
}

// belowGinkgo says whether a process or one above it is ginkgo's command line,
// which starts the go command, which starts the test.
func belowGinkgo(pid int) bool {
	const most = 4
	for range most {
		name, parent := nameAndParent(pid)
		if name == "ginkgo" {
			return true
		}
		if parent <= 1 {
			return false
		}
		pid = parent
	}
	return false
}

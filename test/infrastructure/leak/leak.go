// Package leak looks for secrets in what a run left: a test that uses a token
// or a body demands that no log has it.
package leak

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

const signature = 40

// Find names each file below dir that has one of the secrets, or the end of
// one: a token may be cut, and its end is the signature. That no file was found
// is an error, so that a wrong folder is not taken for a clean one.
func Find(dir string, secrets ...string) ([]string, error) {
	var found []string
	files := 0
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		files++
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for i, secret := range secrets {
			if bytes.Contains(text, []byte(secret[max(0, len(secret)-signature):])) {
				found = append(found, fmt.Sprintf("%s has secret %d", path, i+1))
			}
		}
		return nil
	})
	if err == nil && files == 0 {
		err = errors.New(dir + " has no files")
	}
	return found, err
}

package embedded

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

func fingerprint(root, python string, sources []string) (string, error) {
	sum := sha256.New()
	fmt.Fprintf(sum, "%s\n", python)
	for _, path := range sources {
		if err := addTree(sum, root, path); err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// addTree adds names and contents; what Python itself writes beside its
// sources is left out.
func addTree(sum io.Writer, root, path string) error {
	return filepath.WalkDir(filepath.Join(root, path), func(file string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (entry.Name() == "__pycache__" || strings.HasSuffix(entry.Name(), ".egg-info")):
			return fs.SkipDir
		case !entry.Type().IsRegular():
			return nil
		}
		data, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, file)
		fmt.Fprintf(sum, "%s %d\n", name, len(data))
		_, _ = sum.Write(data)
		return err
	})
}

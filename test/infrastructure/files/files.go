// Package files writes files in one step, so that whoever waits for a path
// sees all of the file or none of it.
package files

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// mode lets the owner alone read: most of these files are, or name, secrets.
const mode = 0o600

// Write replaces path; it is on disk when Write returns.
func Write(path string, data []byte) (err error) {
	file, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return fmt.Errorf("%s not written: %w", path, err)
	}
	defer func() {
		if err != nil {
			// After the rename there is nothing left to remove.
			_ = os.Remove(file.Name())
			err = fmt.Errorf("%s not written: %w", path, err)
		}
	}()
	if err := fill(file, data); err != nil {
		return err
	}
	if err := os.Rename(file.Name(), path); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
}

func fill(file *os.File, data []byte) error {
	_, err := file.Write(data)
	if err == nil {
		err = file.Chmod(mode)
	}
	if err == nil {
		err = file.Sync()
	}
	return errors.Join(err, file.Close())
}

func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

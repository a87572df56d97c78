package ginkgopytest

import (
	"os"
	"path/filepath"
)

// Suite says which pytest project to run, and how.
type Suite struct {
	// Python is the interpreter; pytest and pytest-ginkgo are installed for it.
	Python string
	// Dir is the folder in which pytest runs and below which its tests are.
	Dir string
	// Args go to pytest, at collection and at the run.
	Args []string
	// Workers is xdist's -n; empty means auto, "0" means no workers.
	Workers string
	// Env is added to the environment of this process.
	Env []string
	// AppendEvents says that the caller opened events.jsonl in the report
	// folder; else Start begins it anew.
	AppendEvents bool
}

func (s Suite) command(args ...string) []string {
	command := []string{s.Python, "-m", "pytest"}
	return append(append(command, s.Args...), args...)
}

func (s Suite) environment(more ...string) []string {
	return append(append(os.Environ(), s.Env...), more...)
}

func (s Suite) workers() string {
	if s.Workers == "" {
		return "auto"
	}
	return s.Workers
}

// writeFile hands text over in one step, so that a reader sees all or nothing.
func writeFile(path string, text []byte) error {
	file, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer os.Remove(file.Name())
	_, err = file.Write(text)
	if closeErr := file.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return err
	}
	return os.Rename(file.Name(), path)
}

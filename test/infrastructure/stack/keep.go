package stack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/jordigilh/kubernaut/test/infrastructure/controlplane"
	"github.com/jordigilh/kubernaut/test/infrastructure/process"
	"github.com/jordigilh/kubernaut/test/infrastructure/runs"
)

// kept is what stack.json records about a stack that outlives its runner.
type kept struct {
	RunID      string         `json:"run_id"`
	Dir        string         `json:"dir"`
	LogDir     string         `json:"log_dir"`
	Kubeconfig string         `json:"kubeconfig"`
	URLs       []string       `json:"urls"`
	PIDs       map[string]int `json:"pids"`
}

func keptPath(root string) string { return filepath.Join(root, "reports", "stack.json") }

func (s *Stack) save() error {
	k := kept{RunID: s.RunID, Dir: s.Dir, LogDir: s.LogDir, Kubeconfig: s.Kubeconfig, PIDs: map[string]int{},
		URLs: []string{s.DataStorageURL, s.HolmesGPTURL, s.MockLLMURL}}
	parts := []*process.Process{s.ControlPlane.Etcd, s.ControlPlane.Server, s.Postgres.Process, s.DataStorage.Process, s.HolmesGPT.Process}
	if s.MockLLM != nil {
		parts = append(parts, s.MockLLM.Process)
	}
	for _, part := range parts {
		if part != nil {
			k.PIDs[part.Name] = part.PID
		}
	}
	data, err := json.MarshalIndent(k, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(keptPath(s.RepoRoot)), 0o755); err != nil {
		return err
	}
	return controlplane.WriteSecret(keptPath(s.RepoRoot), data)
}

// DownKept ends the kept stack; false says that there was none.
func DownKept(ctx context.Context, root string) (bool, error) {
	data, err := os.ReadFile(keptPath(root))
	if errors.Is(err, os.ErrNotExist) {
		return false, nil
	} else if err != nil {
		return false, err
	}
	var k kept
	if err := json.Unmarshal(data, &k); err != nil {
		return false, fmt.Errorf("read stack.json: %w", err)
	}
	var errs []error
	for _, name := range []string{"mock-llm", "holmesgpt-api", "datastorage", "postgres", "kube-apiserver", "etcd"} {
		// A part that is gone already needs no stop.
		if part, err := process.Attach(name, k.PIDs[name], k.RunID, filepath.Join(k.LogDir, name+".log")); err == nil {
			errs = append(errs, part.Stop(ctx))
		}
	}
	errs = append(errs, runs.Forget(k.RunID), os.RemoveAll(k.Dir), os.Remove(keptPath(root)))
	return true, errors.Join(errs...)
}

package stack

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"

	"github.com/jordigilh/kubernaut/test/infrastructure/parts"
)

// Snapshot says where the parts of a stack are, for those who look at them.
// The maps lead from the name of a part to its URL, process and log.
type Snapshot struct {
	RunID, Namespace, Python, RepoRoot       string
	Kubeconfig, DatabaseURL, ClientTokenFile string
	// SecretsDir has what must not be shown.
	SecretsDir string
	URLs, Logs map[string]string
	PIDs       map[string]int
}

// Snapshot describes the stack as it runs now.
func (s *Stack) Snapshot() Snapshot {
	found := s.record().snapshot(s.RepoRoot)
	found.RunID, found.Python = s.RunID, s.Python
	return found
}

// Kept describes the kept stack of a checkout; nil when there is none. It does
// not claim the stack: others may go on to use it.
func Kept(root string) (*Snapshot, error) {
	dir, err := keptDir(root)
	if err != nil {
		return nil, err
	}
	data, err := os.ReadFile(filepath.Join(dir, recordFile))
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var kept record
	if err := json.Unmarshal(data, &kept); err != nil {
		return nil, fmt.Errorf("read %s of %s: %w; end the stack with `make stack-down`", recordFile, dir, err)
	}
	found := kept.snapshot(root)
	return &found, nil
}

func (r record) snapshot(root string) Snapshot {
	places := newPlaces(r.Dir)
	found := Snapshot{RunID: r.RunID, Namespace: r.Namespace, RepoRoot: root, Kubeconfig: places.Kubeconfig,
		Python:      filepath.Join(root, ".venv", "bin", "python"),
		DatabaseURL: r.Parts[parts.Postgres].URL, ClientTokenFile: places.ClientTokenFile, SecretsDir: places.secretsDir(),
		URLs: map[string]string{}, Logs: map[string]string{}, PIDs: map[string]int{}}
	for _, service := range services() {
		if kept, known := r.Parts[service]; known {
			found.URLs[service] = kept.URL
		}
	}
	for _, kept := range r.Parts {
		maps.Copy(found.Logs, kept.Logs)
		maps.Copy(found.PIDs, kept.PIDs)
	}
	return found
}

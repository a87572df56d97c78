package stack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"syscall"

	"github.com/jordigilh/kubernaut/test/infrastructure/files"
	"github.com/jordigilh/kubernaut/test/infrastructure/process"
	"github.com/jordigilh/kubernaut/test/infrastructure/runs"
)

// Names of the parts.
const (
	etcd          = "etcd"
	kubeAPIServer = "kube-apiserver"
	database      = "postgres"
	dataStorage   = "datastorage"
	holmesGPT     = "holmesgpt-api"
	mockLLM       = "mock-llm"
)

// lastLines of a log are shown with the death of its part.
const lastLines = 10

// stopOrder ends callers before what they call.
var stopOrder = []string{mockLLM, holmesGPT, dataStorage, database, kubeAPIServer, etcd}

// record is stack.json: a stack that outlives its runner. Its processes carry
// the mark of RunID, the run that made it.
type record struct {
	RunID            string            `json:"run_id"`
	Dir              string            `json:"dir"`
	Namespace        string            `json:"namespace"`
	Assets           string            `json:"assets"`
	Kubeconfig       string            `json:"kubeconfig"`
	DatabaseURL      string            `json:"database_url"`
	ControlPlanePort int               `json:"control_plane_port"`
	URLs             map[string]string `json:"urls"`
	Ports            map[string]int    `json:"ports"`
	PIDs             map[string]int    `json:"pids"`
	Logs             map[string]string `json:"logs"`
	Fingerprints     map[string]string `json:"fingerprints"`
}

// record describes what runs now; before the first part starts it names the
// run alone, so that a runner that is killed meanwhile leaves a trace.
func (s *Stack) record() record {
	r := record{RunID: s.owner, Dir: s.Dir, Namespace: s.Namespace, Assets: s.assets, Kubeconfig: s.Kubeconfig,
		URLs:  map[string]string{dataStorage: s.DataStorageURL, holmesGPT: s.HolmesGPTURL, mockLLM: s.MockLLMURL},
		Ports: s.ports, PIDs: s.PIDs(), Logs: s.Logs, Fingerprints: s.fingerprints}
	if s.Postgres != nil {
		r.DatabaseURL = s.Postgres.URL
	}
	if s.ControlPlane != nil {
		r.ControlPlanePort = s.ControlPlane.Port
	}
	return r
}

// PIDs leads from each part that runs to its process.
func (s *Stack) PIDs() map[string]int {
	pids := map[string]int{}
	for name, part := range s.parts() {
		pids[name] = part.PID
	}
	return pids
}

func (s *Stack) parts() map[string]*process.Process {
	found := map[string]*process.Process{}
	add := func(part *process.Process) {
		if part != nil {
			found[part.Name] = part
		}
	}
	if s.ControlPlane != nil {
		add(s.ControlPlane.Etcd)
		add(s.ControlPlane.Server)
	}
	if s.Postgres != nil {
		add(s.Postgres.Process)
	}
	if s.DataStorage != nil {
		add(s.DataStorage.Process)
	}
	if s.HolmesGPT != nil {
		add(s.HolmesGPT.Process)
	}
	if s.MockLLM != nil {
		add(s.MockLLM.Process)
	}
	return found
}

// Dead names the parts that ended although nobody stopped them, each with how
// it ended and the last lines of its log.
func (s *Stack) Dead() []string {
	var dead []string
	running := s.parts()
	for _, name := range stopOrder {
		if part := running[name]; part != nil && part.Ended() != nil {
			dead = append(dead, fmt.Sprintf("%s %v; the end of its log:\n%s", name, part.Ended(),
				process.Tail(part.LogPath, lastLines)))
		}
	}
	return dead
}

// Memory is the peak resident size of each part in bytes, as far as it lives.
func (s *Stack) Memory() map[string]int64 {
	found := map[string]int64{}
	for name, part := range s.parts() {
		if size, err := part.Memory(); err == nil {
			found[name] = size
		}
	}
	return found
}

// end stops the recorded parts, kills what else carries the mark, and removes
// the data; the record goes last, so that a failed end can be repeated.
func (r record) end(ctx context.Context, c *claim, progress io.Writer) error {
	var errs []error
	for _, name := range stopOrder {
		// A part that is gone already needs no stop.
		part, err := process.Attach(name, r.PIDs[name], r.RunID, r.Logs[name])
		if err != nil {
			continue
		}
		errs = append(errs, part.Stop(ctx))
		fmt.Fprintf(progress, "ended %s (pid %d)\n", name, part.PID)
	}
	for _, pid := range endMarked(r.RunID) {
		fmt.Fprintf(progress, "ended pid %d of run %s\n", pid, r.RunID)
	}
	errs = append(errs, runs.Forget(r.RunID), os.RemoveAll(r.Dir))
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("end the kept stack of run %s: %w", r.RunID, err)
	}
	fmt.Fprintf(progress, "removed %s\n", r.Dir)
	return c.forget()
}

// endMarked demands the sign of a kept child too: other processes of a run are
// not the stack's.
func endMarked(runID string) []int {
	entries, err := filepath.Glob("/proc/[0-9]*")
	if err != nil || runID == "" {
		return nil
	}
	var ended []int
	for _, entry := range entries {
		pid, err := strconv.Atoi(filepath.Base(entry))
		if err != nil || pid == os.Getpid() {
			continue
		}
		env := process.Environ(pid)
		if env[process.MarkVariable] == runID && env[process.KeepVariable] == "1" && syscall.Kill(pid, syscall.SIGKILL) == nil {
			ended = append(ended, pid)
		}
	}
	return ended
}

func (c *claim) load() (*record, error) {
	data, err := os.ReadFile(c.path())
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	r := &record{}
	if err := json.Unmarshal(data, r); err != nil {
		return nil, fmt.Errorf("read %s: %w", c.path(), err)
	}
	return r, nil
}

func (c *claim) save(r record) error {
	data, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	return files.Write(c.path(), data)
}

func (c *claim) forget() error {
	if err := os.Remove(c.path()); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

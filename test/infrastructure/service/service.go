// Package service starts a Python service on an inherited listener.
package service

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/jordigilh/kubernaut/test/infrastructure/addr"
	"github.com/jordigilh/kubernaut/test/infrastructure/process"
)

// readyLimit is for the imports of HolmesGPT on a busy machine.
const readyLimit = 2 * time.Minute

// Spec describes one service; Module is run as `python -m`.
type Spec struct {
	Name, Module, Python, Dir, LogDir string
	Env                               []string
	Listener                          *addr.Listener
	Keep                              bool
}

// Service is a running service.
type Service struct {
	URL     string
	Process *process.Process
}

// Launch starts the service and does not wait.
func Launch(spec Spec) (*Service, error) {
	p, err := process.Launch(process.Spec{Name: spec.Name, Path: spec.Python,
		Args: []string{"-m", spec.Module, "--fd", "3"}, Env: spec.Env, Dir: spec.Dir,
		LogPath: filepath.Join(spec.LogDir, spec.Name+".log"),
		Files:   []*os.File{spec.Listener.File}, Life: process.Life{Keep: spec.Keep}})
	if err != nil {
		return nil, err
	}
	return &Service{URL: spec.Listener.URL(), Process: p}, nil
}

// Attach takes over a kept service.
func Attach(name, url, runID, logPath string, pid int) (*Service, error) {
	p, err := process.Attach(name, pid, runID, logPath)
	if err != nil {
		return nil, err
	}
	return &Service{URL: url, Process: p}, nil
}

// Probe asks once for 200 from the path.
func (s *Service) Probe(ctx context.Context, path string) error { return probe(ctx, s.URL+path) }

// WaitReady waits for 200 from the path.
func (s *Service) WaitReady(ctx context.Context, path string) error {
	return s.Process.WaitReady(ctx, readyLimit, func(ctx context.Context) error { return probe(ctx, s.URL+path) })
}

func probe(ctx context.Context, url string) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	body, _ := io.ReadAll(io.LimitReader(response.Body, 4096))
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("GET %s: %s: %s", url, response.Status, body)
	}
	return nil
}

// Package embedded makes a place on this machine: the control plane, PostgreSQL
// and the services are children of the run, or outlive it when they are kept.
package embedded

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/jordigilh/kubernaut/test/infrastructure/addr"
	"github.com/jordigilh/kubernaut/test/infrastructure/postgres"
	"github.com/jordigilh/kubernaut/test/infrastructure/process"
	"github.com/jordigilh/kubernaut/test/infrastructure/provider"
	"github.com/jordigilh/kubernaut/test/infrastructure/runs"
)

// Settings of a place. RunID is that of the run that made it, whose mark its
// processes carry.
type Settings struct {
	RunID, LogDir, Python, RepoRoot string
	Keep, Durable                   bool
	Wiring                          provider.Wiring
	// Extra settings of a service, by its name.
	Extra map[string][]string
}

// Place is the embedded provider.
type Place struct {
	Settings
	listeners []*addr.Listener
}

var _ provider.Provider = (*Place)(nil)

// New describes the place; Create makes it.
func New(settings Settings) *Place { return &Place{Settings: settings} }

// Name is that in reports.
func (*Place) Name() string { return "embedded" }

// Capabilities: there is no kubelet, and so nothing that needs one.
func (*Place) Capabilities() provider.Capabilities { return provider.Capabilities{Processes: true} }

// Dir holds all data. PostgreSQL's own user passes through; secrets lie deeper.
func (p *Place) Dir() string { return runs.Dir(p.RunID) }

// SecretsDir is for the owner alone.
func (p *Place) SecretsDir() string { return filepath.Join(p.Dir(), "secrets") }

// Create makes the folders.
func (p *Place) Create(context.Context) error {
	if err := postgres.CheckPlace(p.Dir()); err != nil {
		return err
	}
	for _, folder := range []struct {
		path string
		mode os.FileMode
	}{{p.LogDir, 0o755}, {p.Dir(), 0o711}, {p.SecretsDir(), 0o700}} {
		if err := os.MkdirAll(folder.path, folder.mode); err != nil {
			return err
		}
	}
	return errors.Join(os.Chmod(p.Dir(), 0o711), os.Chmod(p.SecretsDir(), 0o700))
}

// Release closes listeners that no child inherited.
func (p *Place) Release() error {
	var errs []error
	for _, listener := range p.listeners {
		errs = append(errs, listener.Close())
	}
	p.listeners = nil
	return errors.Join(errs...)
}

// Dispose removes the data. What still carries the run's mark dangles.
func (p *Place) Dispose(context.Context) ([]string, error) {
	left, err := process.Children(p.RunID, p.Keep)
	err = errors.Join(err, p.Release(), os.RemoveAll(p.Dir()))
	var dangling []string
	for _, pid := range left {
		dangling = append(dangling, fmt.Sprintf("process %d", pid))
	}
	if _, gone := os.Lstat(p.Dir()); gone == nil {
		dangling = append(dangling, p.Dir())
	}
	return dangling, err
}

func (p *Place) mark() []string { return runs.Mark(p.RunID) }

func (p *Place) logs(names ...string) map[string]string {
	found := map[string]string{}
	for _, name := range names {
		found[name] = filepath.Join(p.LogDir, name+".log")
	}
	return found
}

// saved names the processes that run.
func saved(url, fingerprint string, logs map[string]string, running []*process.Process) provider.Kept {
	kept := provider.Kept{URL: url, Fingerprint: fingerprint, Logs: logs, PIDs: map[string]int{}}
	for _, one := range running {
		kept.PIDs[one.Name] = one.PID
	}
	return kept
}

// present leaves out what does not run.
func present(all ...*process.Process) []*process.Process {
	var found []*process.Process
	for _, one := range all {
		if one != nil {
			found = append(found, one)
		}
	}
	return found
}

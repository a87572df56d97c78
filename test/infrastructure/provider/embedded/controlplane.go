package embedded

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"

	"k8s.io/client-go/rest"

	"github.com/jordigilh/kubernaut/test/infrastructure/controlplane"
	"github.com/jordigilh/kubernaut/test/infrastructure/parts"
	"github.com/jordigilh/kubernaut/test/infrastructure/process"
	"github.com/jordigilh/kubernaut/test/infrastructure/provider"
)

// ControlPlane is an API server whose signing key the run owns.
type ControlPlane struct {
	place   *Place
	assets  string
	logs    map[string]string
	running *controlplane.ControlPlane
}

var _ provider.ControlPlane = (*ControlPlane)(nil)

// ControlPlane makes the part.
func (p *Place) ControlPlane() provider.ControlPlane {
	return &ControlPlane{place: p, logs: p.logs(parts.Etcd, parts.KubeAPIServer)}
}

// Name is that of the part.
func (*ControlPlane) Name() string { return parts.ControlPlane }

// Prepare finds the binaries.
func (c *ControlPlane) Prepare() error {
	_, err := c.Fingerprint()
	return err
}

func (c *ControlPlane) dir() string { return filepath.Join(c.place.SecretsDir(), "controlplane") }

// Start launches etcd and the API server.
func (c *ControlPlane) Start(context.Context) (err error) {
	c.running, err = controlplane.Launch(controlplane.Options{Assets: c.assets, Dir: c.dir(), LogDir: c.place.LogDir,
		Env: c.place.mark(), Keep: c.place.Keep})
	return err
}

// Ready waits for the API server.
func (c *ControlPlane) Ready(ctx context.Context) error { return c.running.WaitReady(ctx) }

// Stop discards the control plane: its data is of use to nobody else.
func (c *ControlPlane) Stop(ctx context.Context) error {
	if c.running == nil {
		return nil
	}
	return c.running.Discard(ctx)
}

// URL is the API server's.
func (c *ControlPlane) URL() string {
	if c.running == nil {
		return ""
	}
	return c.running.Config.Host
}

// Logs of etcd and the API server.
func (c *ControlPlane) Logs() map[string]string { return c.logs }

// Processes are etcd and the API server.
func (c *ControlPlane) Processes() []*process.Process {
	if c.running == nil {
		return nil
	}
	return present(c.running.Etcd, c.running.Server)
}

// Config is the administrator's.
func (c *ControlPlane) Config() *rest.Config { return c.running.Config }

// WriteKubeconfig writes a self-contained kubeconfig.
func (c *ControlPlane) WriteKubeconfig(path, namespace, token string) error {
	return c.running.WriteKubeconfig(path, namespace, token)
}

// MintToken signs a token as the API server would, or with a foreign key.
func (c *ControlPlane) MintToken(claims controlplane.Claims) (string, error) {
	return c.running.MintToken(claims)
}

// Save is what Attach needs.
func (c *ControlPlane) Save() provider.Kept {
	return saved(c.URL(), c.assets, c.Logs(), c.Processes())
}

// Fingerprint is the folder of the binaries, which has the version.
func (c *ControlPlane) Fingerprint() (_ string, err error) {
	c.assets, err = controlplane.Assets(c.place.RepoRoot)
	return c.assets, err
}

// Attach takes over a kept control plane that answers.
func (c *ControlPlane) Attach(ctx context.Context, runID string, kept provider.Kept) error {
	port, portErr := portOf(kept.URL)
	var err error
	c.running, err = controlplane.Attach(c.dir(), controlplane.Kept{RunID: runID, Port: port,
		EtcdPID: kept.PIDs[parts.Etcd], EtcdLog: kept.Logs[parts.Etcd],
		ServerPID: kept.PIDs[parts.KubeAPIServer], ServerLog: kept.Logs[parts.KubeAPIServer]})
	c.logs = kept.Logs
	if err := errors.Join(portErr, err, exist(kept.Logs)); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, aliveLimit)
	defer cancel()
	return c.running.Ready(ctx)
}

func portOf(address string) (int, error) {
	parsed, err := url.Parse(address)
	if err != nil {
		return 0, err
	}
	port, err := strconv.Atoi(parsed.Port())
	if err != nil {
		return 0, fmt.Errorf("%q has no port", address)
	}
	return port, nil
}

// exist demands the logs of kept processes, whose folder may have been removed.
func exist(logs map[string]string) error {
	var errs []error
	for _, path := range logs {
		_, err := os.Stat(path)
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

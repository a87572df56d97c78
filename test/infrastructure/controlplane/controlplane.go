// Package controlplane runs etcd and kube-apiserver as parts of the stack. It
// starts them itself, not through envtest, because a kept control plane must
// outlive its runner and be attached to by the next one.
package controlplane

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"

	"github.com/jordigilh/kubernaut/test/infrastructure/addr"
	"github.com/jordigilh/kubernaut/test/infrastructure/parts"
	"github.com/jordigilh/kubernaut/test/infrastructure/process"
)

// Issuer is the API server's token issuer and its default audience.
const Issuer = "https://kubernetes.default.svc"

// readyLimit is for a machine that is busy; one that dies is noticed at once.
const readyLimit = 2 * time.Minute

// The binaries are the names of their processes.
const (
	etcd          = parts.Etcd
	kubeAPIServer = parts.KubeAPIServer
)

// Options say where the control plane lives. Dir holds keys and data.
type Options struct {
	Assets string
	Dir    string
	LogDir string
	Env    []string
	Keep   bool
}

// ControlPlane is a running etcd and kube-apiserver.
type ControlPlane struct {
	Config   *rest.Config
	Server   *process.Process
	Etcd     *process.Process
	Port     int
	dir      string
	key      *rsa.PrivateKey
	reserved []*addr.Reservation
	etcdPeer string
	etcdURL  string
}

// Assets finds the directory of etcd, kube-apiserver and kubectl.
func Assets(repoRoot string) (string, error) {
	if dir := os.Getenv("KUBEBUILDER_ASSETS"); dir != "" {
		return dir, nil
	}
	found, err := filepath.Glob(filepath.Join(repoRoot, "bin", "k8s", "*", "kube-apiserver"))
	if err != nil || len(found) == 0 {
		return "", fmt.Errorf("no control plane below %s/bin/k8s: run `make setup` or set KUBEBUILDER_ASSETS", repoRoot)
	}
	return filepath.Dir(found[len(found)-1]), nil
}

// Start launches both processes and waits until the API server is ready.
func Start(ctx context.Context, opts Options) (*ControlPlane, error) {
	c, err := Launch(opts)
	if err != nil {
		return nil, err
	}
	if err := c.WaitReady(ctx); err != nil {
		return nil, errors.Join(err, c.Discard(context.WithoutCancel(ctx)))
	}
	return c, nil
}

// Launch does not wait: the API server retries until etcd answers.
func Launch(opts Options) (_ *ControlPlane, err error) {
	c := &ControlPlane{dir: opts.Dir}
	defer func() {
		if err != nil {
			err = errors.Join(err, c.Discard(context.Background()))
		}
	}()
	if err := c.prepare(); err != nil {
		return nil, fmt.Errorf("prepare the control plane: %w", err)
	}
	if c.Etcd, err = process.Launch(c.spec(opts, etcd, c.etcdArgs())); err != nil {
		return nil, err
	}
	if c.Server, err = process.Launch(c.spec(opts, kubeAPIServer, c.serverArgs())); err != nil {
		return nil, err
	}
	return c, nil
}

// WaitReady waits for the API server's own readiness check.
func (c *ControlPlane) WaitReady(ctx context.Context) error {
	return c.Server.WaitReady(ctx, readyLimit, c.Ready)
}

// Ready asks the API server's own readiness check.
func (c *ControlPlane) Ready(ctx context.Context) error {
	client, err := kubernetes.NewForConfig(c.Config)
	if err != nil {
		return err
	}
	body, err := client.RESTClient().Get().AbsPath("/readyz").DoRaw(ctx)
	if err != nil {
		return fmt.Errorf("%w: %s", err, body)
	}
	return nil
}

// Discard ends the API server, then etcd, and gives up their data: nothing
// waits for connections to drain, or for a last snapshot.
func (c *ControlPlane) Discard(ctx context.Context) error {
	var errs []error
	for _, part := range []*process.Process{c.Server, c.Etcd} {
		if part != nil {
			errs = append(errs, part.Discard(ctx, syscall.SIGKILL))
		}
	}
	for _, reserved := range c.reserved {
		errs = append(errs, reserved.Close())
	}
	return errors.Join(errs...)
}

// Kept is a control plane that an earlier run left running.
type Kept struct {
	RunID              string
	Port               int
	EtcdPID, ServerPID int
	EtcdLog, ServerLog string
}

// Attach takes over a kept control plane. What it finds of one that is not
// whole comes with the error, and can be discarded.
func Attach(dir string, kept Kept) (*ControlPlane, error) {
	c := &ControlPlane{dir: dir, Port: kept.Port, Config: config(dir, kept.Port)}
	var etcdErr, serverErr, keyErr error
	c.Etcd, etcdErr = process.Attach(etcd, kept.EtcdPID, kept.RunID, kept.EtcdLog)
	c.Server, serverErr = process.Attach(kubeAPIServer, kept.ServerPID, kept.RunID, kept.ServerLog)
	c.key, keyErr = readSigningKey(c.path("sa.key"))
	_, dataErr := os.Stat(c.path("etcd"))
	return c, errors.Join(etcdErr, serverErr, keyErr, dataErr)
}

func (c *ControlPlane) prepare() error {
	if err := os.MkdirAll(c.path("certs"), 0o700); err != nil {
		return err
	}
	for range 3 {
		reserved, err := addr.Reserve()
		if err != nil {
			return err
		}
		c.reserved = append(c.reserved, reserved)
	}
	c.Port = c.reserved[0].Port
	c.etcdURL, c.etcdPeer = "http://"+c.reserved[1].Address(), "http://"+c.reserved[2].Address()
	c.Config = config(c.dir, c.Port)
	return c.writeKeys()
}

func (c *ControlPlane) writeKeys() (err error) {
	if c.key, err = rsa.GenerateKey(rand.Reader, 2048); err != nil {
		return err
	}
	ca, err := authority()
	if err != nil {
		return err
	}
	server, err := serving(ca)
	if err != nil {
		return err
	}
	client, err := admin(ca)
	if err != nil {
		return err
	}
	return errors.Join(writeSigningKey(c.path("sa.key"), c.key), writePair(c.dir, "ca", ca),
		writePair(c.dir, "server", server), writePair(c.dir, "admin", client))
}

func (c *ControlPlane) spec(opts Options, name string, args []string) process.Spec {
	return process.Spec{Name: name, Path: filepath.Join(opts.Assets, name), Args: args, Env: opts.Env,
		LogPath: filepath.Join(opts.LogDir, name+".log"), Life: process.Life{Keep: opts.Keep}}
}

func (c *ControlPlane) etcdArgs() []string {
	return []string{
		"--data-dir=" + c.path("etcd"), "--unsafe-no-fsync", "--socket-reuse-port", "--log-level=warn",
		"--listen-client-urls=" + c.etcdURL, "--advertise-client-urls=" + c.etcdURL,
		"--listen-peer-urls=" + c.etcdPeer, "--initial-advertise-peer-urls=" + c.etcdPeer,
		"--initial-cluster=default=" + c.etcdPeer,
	}
}

func (c *ControlPlane) serverArgs() []string {
	return []string{
		"--etcd-servers=" + c.etcdURL, "--permit-port-sharing", "--bind-address=127.0.0.1",
		"--advertise-address=127.0.0.1", fmt.Sprintf("--secure-port=%d", c.Port),
		"--cert-dir=" + c.path("certs"), "--client-ca-file=" + c.path("ca.crt"),
		"--tls-cert-file=" + c.path("server.crt"), "--tls-private-key-file=" + c.path("server.key"),
		"--service-account-issuer=" + Issuer, "--api-audiences=" + Issuer,
		"--service-account-key-file=" + c.path("sa.key"), "--service-account-signing-key-file=" + c.path("sa.key"),
		"--service-cluster-ip-range=10.0.0.0/24", "--authorization-mode=RBAC",
		"--disable-admission-plugins=ServiceAccount",
	}
}

func (c *ControlPlane) path(name string) string { return filepath.Join(c.dir, name) }

// config raises client-go's limiter, which would throttle the seed.
func config(dir string, port int) *rest.Config {
	file := func(name string) string { return filepath.Join(dir, name) }
	return &rest.Config{Host: fmt.Sprintf("https://127.0.0.1:%d", port), QPS: 1000, Burst: 2000,
		TLSClientConfig: rest.TLSClientConfig{CAFile: file("ca.crt"), CertFile: file("admin.crt"), KeyFile: file("admin.key")}}
}

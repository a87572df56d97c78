package stack

import (
	"context"
	"os"
	"path/filepath"
	"time"

	"github.com/jordigilh/kubernaut/test/infrastructure/addr"
	"github.com/jordigilh/kubernaut/test/infrastructure/controlplane"
	"github.com/jordigilh/kubernaut/test/infrastructure/files"
	"github.com/jordigilh/kubernaut/test/infrastructure/kube"
	"github.com/jordigilh/kubernaut/test/infrastructure/postgres"
	"github.com/jordigilh/kubernaut/test/infrastructure/runs"
	"github.com/jordigilh/kubernaut/test/infrastructure/service"
)

func (s *Stack) prepare() (err error) {
	// PostgreSQL's uid passes through the run directory; secrets lie deeper.
	for dir, mode := range map[string]os.FileMode{s.LogDir: 0o755, s.Dir: 0o711, s.secret(""): 0o700} {
		if err := os.MkdirAll(dir, mode); err != nil {
			return err
		}
	}
	if err := os.Chmod(s.Dir, 0o711); err != nil {
		return err
	}
	if err := os.Chmod(s.secret(""), 0o700); err != nil {
		return err
	}
	if err := s.listen(); err != nil {
		return err
	}
	s.Kubeconfig, s.ClientTokenFile = s.secret("admin.kubeconfig"), s.secret("client.token")
	for _, name := range stopOrder {
		if !s.lacks(Optional(name)) && !(name == database && s.lacks(DataStorage)) {
			s.Logs[name] = s.logPath(name)
		}
	}
	if !s.Keep {
		return nil
	}
	// The record comes first: what it does not name could never be ended.
	if err := s.claim.save(s.record()); err != nil {
		return err
	}
	return runs.Keep(s.owner)
}

// listen binds the listeners of all services, so that every URL is known.
func (s *Stack) listen() (err error) {
	for name, wanted := range map[string]struct {
		port int
		url  *string
	}{
		dataStorage: {addr.DataStoragePort, &s.DataStorageURL},
		holmesGPT:   {addr.HolmesGPTPort, &s.HolmesGPTURL},
		mockLLM:     {addr.MockLLMPort, &s.MockLLMURL},
	} {
		if s.lacks(Optional(name)) {
			continue
		}
		if s.listeners[name], err = addr.Listen(wanted.port); err != nil {
			return err
		}
		s.ports[name], *wanted.url = s.listeners[name].Port, s.listeners[name].URL()
	}
	return nil
}

func (s *Stack) startControlPlane(ctx context.Context) (err error) {
	if s.assets, err = controlplane.Assets(s.RepoRoot); err != nil {
		return err
	}
	s.ControlPlane, err = controlplane.Start(ctx, controlplane.Options{Assets: s.assets,
		Dir: s.secret("controlplane"), LogDir: s.LogDir, Env: runs.Mark(s.owner), Keep: s.Keep})
	if err != nil {
		return err
	}
	return s.observed("rights and tokens", func() error { return s.prepareKube(ctx) })
}

// prepareKube applies the rights and requests the tokens; both may be repeated.
func (s *Stack) prepareKube(ctx context.Context) (err error) {
	if s.Kube, err = kube.New(s.ControlPlane.Config); err != nil {
		return err
	}
	if err := s.Kube.EnsureNamespace(ctx, s.Namespace); err != nil {
		return err
	}
	if err := s.Kube.ApplyDir(ctx, filepath.Join(s.RepoRoot, "deploy", "rbac"), s.Namespace); err != nil {
		return err
	}
	return s.writeCredentials(ctx)
}

func (s *Stack) writeCredentials(ctx context.Context) error {
	if err := s.ControlPlane.WriteKubeconfig(s.Kubeconfig, s.Namespace, ""); err != nil {
		return err
	}
	for _, account := range []string{"data-storage-sa", "holmesgpt-api-sa"} {
		token, err := s.Kube.Token(ctx, s.Namespace, account)
		if err != nil {
			return err
		}
		if err := s.ControlPlane.WriteKubeconfig(s.secret(account+".kubeconfig"), s.Namespace, token); err != nil {
			return err
		}
	}
	callers := map[string]string{"holmesgpt-api-sa": s.secret("holmesgpt-api.token"),
		ClientAccount: s.ClientTokenFile}
	for account, path := range callers {
		token, err := s.Kube.Token(ctx, s.Namespace, account, kube.Audience)
		if err != nil {
			return err
		}
		if err := files.Write(path, []byte(token)); err != nil {
			return err
		}
	}
	return nil
}

func (s *Stack) startDatabase(ctx context.Context) (err error) {
	err = s.observed(database, func() error {
		s.Postgres, err = postgres.Open(ctx, postgres.Options{Python: s.Python, Dir: s.Dir, LogDir: s.LogDir,
			Env: runs.Mark(s.owner), Keep: s.Keep})
		if err != nil {
			return err
		}
		return s.Postgres.WaitReady(ctx)
	})
	if err != nil {
		return err
	}
	return s.startDataStorage(ctx)
}

// startDataStorage launches the service unless a kept one goes on.
func (s *Stack) startDataStorage(ctx context.Context) (err error) {
	if s.listeners[dataStorage] != nil {
		env := []string{"DATABASE_URL=" + s.Postgres.URL, "KUBECONFIG=" + s.DataStorageKubeconfig()}
		env = append(env, s.DataStorageEnv...)
		if s.DataStorage, err = s.launch(dataStorage, "datastorage", env); err != nil {
			return err
		}
	}
	return s.DataStorage.WaitReady(ctx, readyPath)
}

// startHolmesGPT launches the service unless it is left out or a kept one goes on.
func (s *Stack) startHolmesGPT() (err error) {
	if s.lacks(HAPI) {
		return nil
	}
	s.hapiBegin, s.hapiEnded = time.Now(), s.Observe.begin(holmesGPT)
	if s.listeners[holmesGPT] != nil {
		s.HolmesGPT, err = s.launch(holmesGPT, "holmesgpt_api", s.holmesEnv())
	}
	return err
}

func (s *Stack) holmesEnv() []string {
	return []string{"KUBECONFIG=" + s.secret("holmesgpt-api-sa.kubeconfig"),
		"DATA_STORAGE_URL=" + s.DataStorageURL, "DATA_STORAGE_TOKEN_FILE=" + s.secret("holmesgpt-api.token"),
		"LLM_ENDPOINT=" + s.MockLLMURL + "/v1", "LLM_MODEL=mock-model", "LLM_PROVIDER=openai",
		"OPENAI_API_KEY=mock-api-key-for-e2e"}
}

// DataStorageKubeconfig is how DataStorage reaches the API server.
func (s *Stack) DataStorageKubeconfig() string { return s.secret("data-storage-sa.kubeconfig") }

func (s *Stack) launch(name, module string, env []string) (*service.Service, error) {
	env = append(append(env, "POD_NAMESPACE="+s.Namespace), runs.Mark(s.owner)...)
	// A copy kept open here would let callers of a dead service hang.
	defer s.listeners[name].Close()
	return service.Launch(service.Spec{Name: name, Module: module, Python: s.Python, Dir: s.RepoRoot,
		LogDir: s.LogDir, Env: env, Listener: s.listeners[name], Keep: s.Keep})
}

func (s *Stack) secret(name string) string { return filepath.Join(s.Dir, "secrets", name) }

func (s *Stack) logPath(name string) string { return filepath.Join(s.LogDir, name+".log") }

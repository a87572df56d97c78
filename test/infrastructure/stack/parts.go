package stack

import (
	"context"
	"os"
	"path/filepath"

	"github.com/jordigilh/kubernaut/test/infrastructure/addr"
	"github.com/jordigilh/kubernaut/test/infrastructure/controlplane"
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
	s.listeners = map[string]*addr.Listener{}
	for name, port := range map[string]int{"datastorage": addr.DataStoragePort,
		"holmesgpt-api": addr.HolmesGPTPort, "mock-llm": addr.MockLLMPort} {
		if s.listeners[name], err = addr.Listen(port); err != nil {
			return err
		}
	}
	s.DataStorageURL, s.HolmesGPTURL = s.listeners["datastorage"].URL(), s.listeners["holmesgpt-api"].URL()
	s.MockLLMURL = s.listeners["mock-llm"].URL()
	s.Kubeconfig, s.ClientTokenFile = s.secret("admin.kubeconfig"), s.secret("client.token")
	if s.Keep {
		return runs.Keep(s.RunID)
	}
	return nil
}

func (s *Stack) startControlPlane(ctx context.Context) error {
	assets, err := controlplane.Assets(s.RepoRoot)
	if err != nil {
		return err
	}
	s.ControlPlane, err = controlplane.Start(ctx, controlplane.Options{Assets: assets,
		Dir: s.secret("controlplane"), LogDir: s.LogDir, Env: runs.Mark(s.RunID), Keep: s.Keep})
	if err != nil {
		return err
	}
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
		"holmesgpt-api-e2e-sa": s.ClientTokenFile}
	for account, path := range callers {
		token, err := s.Kube.Token(ctx, s.Namespace, account, kube.Audience)
		if err != nil {
			return err
		}
		if err := controlplane.WriteSecret(path, []byte(token)); err != nil {
			return err
		}
	}
	return nil
}

func (s *Stack) startDatabase(ctx context.Context) (err error) {
	s.Postgres, err = postgres.Start(ctx, postgres.Options{Python: s.Python, Dir: s.Dir, LogDir: s.LogDir,
		Env: runs.Mark(s.RunID), Keep: s.Keep})
	if err != nil {
		return err
	}
	env := []string{"DATABASE_URL=" + s.Postgres.URL, "KUBECONFIG=" + s.secret("data-storage-sa.kubeconfig")}
	if s.DataStorage, err = s.launch("datastorage", "datastorage", env); err != nil {
		return err
	}
	return s.DataStorage.WaitReady(ctx, readyPath)
}

func (s *Stack) holmesEnv() []string {
	return []string{"KUBECONFIG=" + s.secret("holmesgpt-api-sa.kubeconfig"),
		"DATA_STORAGE_URL=" + s.DataStorageURL, "DATA_STORAGE_TOKEN_FILE=" + s.secret("holmesgpt-api.token"),
		"LLM_ENDPOINT=" + s.MockLLMURL + "/v1", "LLM_MODEL=mock-model", "LLM_PROVIDER=openai",
		"OPENAI_API_KEY=mock-api-key-for-e2e"}
}

func (s *Stack) launch(name, module string, env []string) (*service.Service, error) {
	env = append(append(env, "POD_NAMESPACE="+s.Namespace), runs.Mark(s.RunID)...)
	// A copy kept open here would let callers of a dead service hang.
	defer s.listeners[name].Close()
	return service.Launch(service.Spec{Name: name, Module: module, Python: s.Python, Dir: s.RepoRoot,
		LogDir: s.LogDir, Env: env, Listener: s.listeners[name], Keep: s.Keep})
}

func (s *Stack) secret(name string) string { return filepath.Join(s.Dir, "secrets", name) }

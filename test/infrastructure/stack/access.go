package stack

import (
	"context"
	"path/filepath"

	"github.com/jordigilh/kubernaut/test/infrastructure/files"
	"github.com/jordigilh/kubernaut/test/infrastructure/kube"
	"github.com/jordigilh/kubernaut/test/infrastructure/parts"
	"github.com/jordigilh/kubernaut/test/infrastructure/provider"
)

// ClientAccount is the ServiceAccount of the callers of the services.
const ClientAccount = "holmesgpt-api-e2e-sa"

// access is the part that gives the services and their callers their rights
// and tokens. It may be repeated, as on a kept stack, whose tokens have expired.
type access struct {
	plane               provider.ControlPlane
	namespace, repoRoot string
	places              *Places
	client              *kube.Client
}

func (*access) Name() string { return parts.Access }

func (*access) Ready(context.Context) error { return nil }

// Stop leaves the rights to the control plane, which ends with them.
func (*access) Stop(context.Context) error { return nil }

func (a *access) Start(ctx context.Context) (err error) {
	if a.client, err = kube.New(a.plane.Config()); err != nil {
		return err
	}
	if err := a.client.EnsureNamespace(ctx, a.namespace); err != nil {
		return err
	}
	if err := a.client.ApplyDir(ctx, filepath.Join(a.repoRoot, "deploy", "rbac"), a.namespace); err != nil {
		return err
	}
	if err := a.plane.WriteKubeconfig(a.places.Kubeconfig, a.namespace, ""); err != nil {
		return err
	}
	for _, one := range members {
		if err := a.admit(ctx, one); err != nil {
			return err
		}
	}
	return a.writeToken(ctx, ClientAccount, a.places.ClientTokenFile)
}

// admit writes what a service needs to review tokens, and to call others.
func (a *access) admit(ctx context.Context, one member) error {
	if one.Account == "" {
		return nil
	}
	token, err := a.client.Token(ctx, a.namespace, one.Account)
	if err != nil {
		return err
	}
	if err := a.plane.WriteKubeconfig(a.places.kubeconfig(one.Account), a.namespace, token); err != nil {
		return err
	}
	if !one.callsServices() {
		return nil
	}
	return a.writeToken(ctx, one.Account, a.places.tokenFile(one.Account))
}

func (a *access) writeToken(ctx context.Context, account, path string) error {
	token, err := a.client.Token(ctx, a.namespace, account, kube.Audience)
	if err != nil {
		return err
	}
	return files.Write(path, []byte(token))
}

// DataStorageKubeconfig is how DataStorage reaches the API server.
func (s *Stack) DataStorageKubeconfig() string {
	return s.kubeconfig(memberOf(parts.DataStorage).Account)
}

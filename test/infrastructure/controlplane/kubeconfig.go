package controlplane

import (
	"fmt"
	"os"

	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/clientcmd/api"

	"github.com/jordigilh/kubernaut/test/infrastructure/files"
)

// WriteKubeconfig writes a self-contained kubeconfig for a bearer token, or
// for the administrator when the token is empty.
func (c *ControlPlane) WriteKubeconfig(path, namespace, token string) error {
	ca, err := os.ReadFile(c.path("ca.crt"))
	if err != nil {
		return err
	}
	user := &api.AuthInfo{Token: token}
	if token == "" {
		if user.ClientCertificateData, err = os.ReadFile(c.path("admin.crt")); err != nil {
			return err
		}
		if user.ClientKeyData, err = os.ReadFile(c.path("admin.key")); err != nil {
			return err
		}
	}
	const name = "kubernaut"
	data, err := clientcmd.Write(api.Config{CurrentContext: name,
		Clusters:  map[string]*api.Cluster{name: {Server: c.Config.Host, CertificateAuthorityData: ca}},
		AuthInfos: map[string]*api.AuthInfo{name: user},
		Contexts:  map[string]*api.Context{name: {Cluster: name, AuthInfo: name, Namespace: namespace}}})
	if err != nil {
		return fmt.Errorf("encode kubeconfig: %w", err)
	}
	return files.Write(path, data)
}

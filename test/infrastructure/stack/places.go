package stack

import (
	"path/filepath"
)

// Places say where the parts of a stack are. ClientTokenFile holds the caller's
// token. Logs lead from a process to its log: those of parts that a kept stack
// carries over lie in the LogDir of an earlier run and go on there.
type Places struct {
	Dir, LogDir, Kubeconfig, ClientTokenFile string
	// URLs lead from a service to where it is; the most used ones have names.
	URLs                                     map[string]string
	DataStorageURL, HolmesGPTURL, MockLLMURL string
	Logs                                     map[string]string
}

func newPlaces(dir string) Places {
	p := Places{Dir: dir}
	p.Kubeconfig, p.ClientTokenFile = p.secret("admin.kubeconfig"), p.secret("client.token")
	return p
}

func (p *Places) secret(name string) string { return filepath.Join(p.secretsDir(), name) }

func (p *Places) secretsDir() string { return filepath.Join(p.Dir, "secrets") }

func (p *Places) kubeconfig(account string) string { return p.secret(account + ".kubeconfig") }

func (p *Places) tokenFile(account string) string { return p.secret(account + ".token") }

package stack

import (
	"path/filepath"

	"github.com/jordigilh/kubernaut/test/infrastructure/provider"
)

// wiring answers a service where the others are.
type wiring struct{ stack *Stack }

var _ provider.Wiring = wiring{}

func (w wiring) URL(part string) string {
	for _, one := range w.stack.kept {
		if one.Name() == part {
			return one.URL()
		}
	}
	return ""
}

func (w wiring) Kubeconfig(account string) string { return w.stack.kubeconfig(account) }

func (w wiring) TokenFile(account string) string { return w.stack.tokenFile(account) }

func (w wiring) Volume(name string) string { return filepath.Join(w.stack.Dir, name) }

func (w wiring) Input(name string) string { return w.stack.inputs[name] }

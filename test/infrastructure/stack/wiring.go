package stack

import (
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

func (w wiring) Input(name string) string { return w.stack.inputs[name] }

// Package provider says what a stack asks of the place where its parts live: an
// API server, a database, services under URLs. A stack knows this package only,
// so that another place is another implementation of it.
package provider

import (
	"context"

	"k8s.io/client-go/rest"

	"github.com/jordigilh/kubernaut/test/infrastructure/parts"
	"github.com/jordigilh/kubernaut/test/infrastructure/process"
)

// Provider makes the place, and the parts that live there.
type Provider interface {
	Name() string
	Capabilities() Capabilities
	// Create makes the place; nothing runs there yet.
	Create(context.Context) error
	ControlPlane() ControlPlane
	Database() Part
	Service(Definition) Part
	// Release gives up what belongs to this process and not to the place.
	Release() error
	// Dispose removes the place after its parts have ended. It names what
	// dangles: what the stack made there and what could not be removed.
	Dispose(context.Context) (dangling []string, err error)
}

// Capabilities are what tests may count on beyond an API server.
type Capabilities struct {
	// Kubelet: Pods run, and have logs and events.
	Kubelet bool
	// NetworkPolicy is enforced.
	NetworkPolicy bool
	// Volumes are bound.
	Volumes bool
	// Images have to be built and loaded.
	Images bool
	// Processes: the parts are children on this machine, with pids and logs.
	Processes bool
}

// Part is a part that a stack can look at and keep.
type Part interface {
	parts.Part
	// Prepare settles where the part will be, before any part starts.
	Prepare() error
	// URL is known from Prepare on, that of a database when it is ready.
	URL() string
	// Logs lead from the part's processes to their logs.
	Logs() map[string]string
	// Processes are those that run, if they are children on this machine.
	Processes() []*process.Process

	// Save is what a later run needs to find the part again.
	Save() Kept
	// Fingerprint changes with what the part is made of. It is taken once:
	// what is read later may not be what runs.
	Fingerprint() (string, error)
	// Attach makes a kept part this one; an error says that it is not whole.
	// What is left of it can be stopped all the same.
	Attach(ctx context.Context, runID string, kept Kept) error
}

// Replaceable is a part that starts anew in a place that is kept, under the
// URL that the other parts know.
type Replaceable interface {
	Part
	Replace(ctx context.Context, runID string, kept Kept) error
}

// ControlPlane is the API server.
type ControlPlane interface {
	Part
	// Config is the administrator's.
	Config() *rest.Config
	// WriteKubeconfig writes one for a bearer token, or for the administrator
	// when the token is empty.
	WriteKubeconfig(path, namespace, token string) error
}

// Kept is a part in the record of a kept stack.
type Kept struct {
	URL         string            `json:"url"`
	PIDs        map[string]int    `json:"pids"`
	Logs        map[string]string `json:"logs"`
	Fingerprint string            `json:"fingerprint"`
}

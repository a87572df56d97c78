package provider

// Definition describes a service, whatever runs it.
type Definition struct {
	Name string
	// Account is the ServiceAccount that it runs as.
	Account string
	// Module is run by Python where the service is a process.
	Module string
	// Port is the well-known one, a convenience for people; zero means any.
	Port int
	// Readiness is the path that answers 200 when the service serves.
	Readiness string
	// Holds: it may have what its callers were promised, and gets time to end.
	Holds bool
	// Sources are what it is made of, relative to the repository.
	Sources []string
	// Env is its configuration, asked for when it starts.
	Env func(Wiring) []string
}

// Wiring answers where a service finds what it uses. Files may appear later.
type Wiring interface {
	URL(part string) string
	// Kubeconfig is that of a ServiceAccount of the stack.
	Kubeconfig(account string) string
	// TokenFile is that of a ServiceAccount that calls other services.
	TokenFile(account string) string
	// Volume is a folder for what a service keeps; it lasts as long as the place.
	Volume(name string) string
	// Input is a file that the run provides.
	Input(name string) string
}

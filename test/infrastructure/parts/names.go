package parts

// The parts of the stack. A name is that of a part's process, log and entry in
// every map that leads to parts.
const (
	ControlPlane = "control plane"
	Access       = "rights and tokens"
	Postgres     = "postgres"
	DataStorage  = "datastorage"
	HAPI         = "holmesgpt-api"
	MockLLM      = "mock-llm"
)

// Processes of the control plane where it has some.
const (
	Etcd          = "etcd"
	KubeAPIServer = "kube-apiserver"
)

// Scenarios is no part: the file that the Mock LLM reads, which the seed makes.
const Scenarios = "scenarios"

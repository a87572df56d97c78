package stack

import (
	"slices"

	"github.com/jordigilh/kubernaut/test/infrastructure/addr"
	"github.com/jordigilh/kubernaut/test/infrastructure/parts"
	"github.com/jordigilh/kubernaut/test/infrastructure/provider"
)

// member is a service with its ties. Alias is how people call it, if not by
// its name.
type member struct {
	provider.Definition
	Alias        string
	Needs, Calls []string
}

// members are the services of the stack: one more is one more value.
var members = []member{
	{
		Definition: provider.Definition{
			Name: parts.DataStorage, Account: "data-storage-sa", Module: "datastorage",
			Port: addr.DataStoragePort, Readiness: "/health/ready", Holds: true,
			Sources: []string{"datastorage/src", "libs/kube-auth/src", "libs/service-base/src", "api", "uv.lock"},
			Env: func(w provider.Wiring) []string {
				return []string{
					"DATABASE_URL=" + w.URL(parts.Postgres),
					"KUBECONFIG=" + w.Kubeconfig("data-storage-sa"),
				}
			},
		},
		Needs: []string{parts.Postgres},
		Calls: []string{parts.ControlPlane},
	},
	{
		// HAPI starts at once: its imports take longer than everything else.
		Definition: provider.Definition{
			Name: parts.HAPI, Account: "holmesgpt-api-sa", Module: "holmesgpt_api",
			Port: addr.HolmesGPTPort, Readiness: "/health/ready", Holds: true,
			Sources: []string{"holmesgpt-api/src", "libs/kube-auth/src", "libs/service-base/src", "api", "uv.lock"},
			Env: func(w provider.Wiring) []string {
				return []string{
					"KUBECONFIG=" + w.Kubeconfig("holmesgpt-api-sa"),
					"DATA_STORAGE_URL=" + w.URL(parts.DataStorage),
					"DATA_STORAGE_TOKEN_FILE=" + w.TokenFile("holmesgpt-api-sa"),
					"LLM_ENDPOINT=" + w.URL(parts.MockLLM) + "/v1",
					"LLM_MODEL=mock-model", "LLM_PROVIDER=openai", "OPENAI_API_KEY=mock-api-key-for-e2e",
					"HAPI_OUTBOX_PATH=" + w.Volume("outbox"),
				}
			},
		},
		Alias: "hapi",
		Calls: []string{parts.ControlPlane, parts.DataStorage, parts.MockLLM},
	},
	{
		Definition: provider.Definition{
			Name: parts.MockLLM, Module: "mock_llm", Port: addr.MockLLMPort, Readiness: "/health",
			Sources: []string{"test/services/mock-llm/src", "uv.lock"},
			Env: func(w provider.Wiring) []string {
				return []string{"MOCK_LLM_CONFIG_PATH=" + w.Input(parts.Scenarios)}
			},
		},
		Needs: []string{parts.Scenarios},
	},
}

// memberOf finds a service by its name.
func memberOf(name string) member {
	for _, one := range members {
		if one.Name == name {
			return one
		}
	}
	panic("no service is called " + name)
}

// callsServices tells whether the service needs a token for another one.
func (m member) callsServices() bool {
	for _, called := range m.Calls {
		for _, other := range members {
			if other.Name == called && other.Account != "" {
				return true
			}
		}
	}
	return false
}

// needsInput tells whether the service starts anew with every run, on what
// the run provides.
func needsInput(service string) bool {
	i := slices.IndexFunc(members, func(m member) bool { return m.Name == service })
	return i >= 0 && slices.Contains(members[i].Needs, parts.Scenarios)
}

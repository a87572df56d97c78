package stack

import (
	"slices"

	"github.com/jordigilh/kubernaut/test/infrastructure/parts"
	"github.com/jordigilh/kubernaut/test/infrastructure/process"
	"github.com/jordigilh/kubernaut/test/infrastructure/provider"
)

// assembly is a stack's parts, put together in a place. Kept are those that
// a later run can find again: all but access, which is repeated.
type assembly struct {
	place  provider.Provider
	plane  provider.ControlPlane
	access *access
	kept   []provider.Part
	group  *parts.Group
}

// assemble makes the parts that the options leave; nothing runs yet.
func assemble(place provider.Provider, opts Options, places *Places, watch parts.Watch) (assembly, error) {
	a := assembly{place: place, plane: place.ControlPlane()}
	a.access = &access{plane: a.plane, namespace: opts.Namespace, repoRoot: opts.RepoRoot, places: places}
	nodes := []parts.Node{{Part: a.plane}, {Part: a.access, Needs: []string{parts.ControlPlane}}}
	a.kept = []provider.Part{a.plane}
	if needed(opts, parts.Postgres) {
		database := place.Database()
		a.kept, nodes = append(a.kept, database), append(nodes, parts.Node{Part: database})
	}
	for _, one := range members {
		if opts.lacks(one.Name) {
			continue
		}
		service := place.Service(one.Definition)
		a.kept = append(a.kept, service)
		nodes = append(nodes, parts.Node{Part: service, Needs: one.Needs, Calls: one.Calls})
	}
	var err error
	a.group, err = parts.NewGroup(watch, nodes, parts.Scenarios)
	return a, err
}

// needed tells whether a service that is not left out needs the part.
func needed(opts Options, part string) bool {
	return slices.ContainsFunc(members, func(m member) bool {
		return !opts.lacks(m.Name) && slices.Contains(m.Needs, part)
	})
}

// processes are those of all parts.
func (a assembly) processes() []*process.Process {
	var found []*process.Process
	for _, part := range a.kept {
		found = append(found, part.Processes()...)
	}
	return found
}

// locate tells the places where the parts are.
func (a assembly) locate(p *Places) {
	p.URLs, p.Logs = map[string]string{}, map[string]string{}
	for _, part := range a.kept {
		for process, path := range part.Logs() {
			p.Logs[process] = path
		}
	}
	for _, service := range services() {
		for _, part := range a.kept {
			if part.Name() == service {
				p.URLs[service] = part.URL()
			}
		}
	}
	p.DataStorageURL, p.HolmesGPTURL, p.MockLLMURL = p.URLs[parts.DataStorage], p.URLs[parts.HAPI], p.URLs[parts.MockLLM]
}

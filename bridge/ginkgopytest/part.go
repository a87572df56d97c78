package ginkgopytest

import (
	"os"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/selection"
)

// part is what the environment asks of a collection, and what it leaves out.
type part struct {
	selection.Part
	all, out []string
}

// narrow leaves of the collection what the environment asks for.
func (b *bridge) narrow() error {
	asked, err := selection.FromEnvironment(os.Getenv)
	if err != nil || asked.All() {
		return err
	}
	b.part.Part = asked
	for _, test := range b.tests.Tests {
		b.part.all = append(b.part.all, test.NodeID)
	}
	chosen, kept := asked.Of(b.part.all), []Test{}
	for _, test := range b.tests.Tests {
		if chosen[test.NodeID] {
			kept = append(kept, test)
		} else {
			b.part.out = append(b.part.out, test.NodeID)
		}
	}
	b.tests.Tests = kept
	return nil
}

// recordPart tells the log of what part of the tests this run is.
func (b *bridge) recordPart() {
	if b.part.All() {
		return
	}
	b.journal.append(events.Event{
		Event: events.Selected, NodeIDs: b.part.all, Shard: b.part.Shard.String(), Earlier: b.part.Earlier, Deselected: b.filtered,
	})
}

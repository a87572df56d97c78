// Package parts names the parts of a stack and brings them up and down. What a
// part needs is data; which parts overlap and in what order they end follows.
package parts

import (
	"context"
	"errors"
	"fmt"
	"sync"
)

// Part is one thing that a stack is made of.
type Part interface {
	Name() string
	// Start launches the part; one that fails leaves nothing behind.
	Start(context.Context) error
	// Ready waits until the part serves; it is called only after Start returned nil.
	Ready(context.Context) error
	// Stop is called once, and only after Start returned nil or for an adopted part.
	Stop(context.Context) error
}

// Node is a part with what it depends on.
type Node struct {
	Part
	// Needs are ready before the part starts: parts, or inputs that are provided later.
	Needs []string
	// Calls are parts that the part uses once it runs: they end after it.
	Calls []string
}

// Watch is told that a part begins to start; what it returns is told how that ended.
type Watch func(name string) (ended func(error))

// Group is a set of parts with one life.
type Group struct {
	nodes  []Node
	watch  Watch
	states map[string]*state

	life    context.Context
	end     context.CancelCauseFunc
	running sync.WaitGroup

	mu sync.Mutex
	// failed are the errors in the order in which they came: the first is why
	// the others may have come.
	failed []error
}

// state of a part or an input. Done is closed when it is ready or has failed.
type state struct {
	done    chan struct{}
	started bool
}

var errStopped = errors.New("the group of parts ends")

// NewGroup checks that the nodes depend on each other and on the inputs alone,
// and in no circle.
func NewGroup(watch Watch, nodes []Node, inputs ...string) (*Group, error) {
	g := &Group{nodes: nodes, watch: watch, states: map[string]*state{}}
	for _, input := range inputs {
		g.states[input] = &state{done: make(chan struct{})}
	}
	for _, node := range nodes {
		if g.states[node.Name()] != nil {
			return nil, fmt.Errorf("two parts are called %s", node.Name())
		}
		g.states[node.Name()] = &state{done: make(chan struct{})}
	}
	return g, check(nodes, inputs)
}

// Adopt takes parts over that run already: they are not started, only waited
// for and stopped.
func (g *Group) Adopt(names ...string) {
	for _, name := range names {
		g.states[name].started = true
	}
}

// Start begins to bring every part up, each when what it needs is ready. The
// parts live until Stop, whatever becomes of the context.
func (g *Group) Start(ctx context.Context) {
	g.life, g.end = context.WithCancelCause(context.WithoutCancel(ctx))
	for _, node := range g.nodes {
		g.running.Go(func() { g.finish(node.Name(), g.bring(node)) })
	}
}

// Provide tells that an input is there.
func (g *Group) Provide(input string) { close(g.states[input].done) }

func (g *Group) bring(node Node) (err error) {
	for _, need := range node.Needs {
		select {
		case <-g.states[need].done:
		case <-g.life.Done():
		}
		if g.life.Err() != nil {
			return context.Cause(g.life)
		}
	}
	ended := g.watch(node.Name())
	defer func() { ended(err) }()
	if own := g.states[node.Name()]; !own.started {
		if err := node.Start(g.life); err != nil {
			return fmt.Errorf("start %s: %w", node.Name(), err)
		}
		own.started = true
	}
	return node.Ready(g.life)
}

// finish ends the life of the group with the first failure.
func (g *Group) finish(name string, err error) {
	if err != nil {
		g.mu.Lock()
		g.failed = append(g.failed, err)
		g.mu.Unlock()
		g.end(fmt.Errorf("%w: %s failed", errStopped, name))
	}
	close(g.states[name].done)
}

// Wait returns when the named parts are ready, or with why one of the group
// cannot be.
func (g *Group) Wait(ctx context.Context, names ...string) error {
	for _, name := range names {
		select {
		case <-g.states[name].done:
		case <-g.life.Done():
		case <-ctx.Done():
			return fmt.Errorf("wait for %s: %w", name, context.Cause(ctx))
		}
		if g.life.Err() != nil {
			return g.failure()
		}
	}
	return nil
}

// failure is that of every part that failed by itself, the first one first.
func (g *Group) failure() error {
	g.running.Wait()
	var own []error
	for i, err := range g.failed {
		if i == 0 || !errors.Is(err, errStopped) && !errors.Is(err, context.Canceled) {
			own = append(own, err)
		}
	}
	if len(own) == 0 {
		return context.Cause(g.life)
	}
	return errors.Join(own...)
}

// Stop ends what was started, each part when those that depend on it have
// ended. It tries all of them, and returns every error.
func (g *Group) Stop(ctx context.Context) error {
	if g.end != nil {
		g.end(errStopped)
	}
	g.running.Wait()
	ended := map[string]chan struct{}{}
	for _, node := range g.nodes {
		ended[node.Name()] = make(chan struct{})
	}
	errs := make([]error, len(g.nodes))
	var stopping sync.WaitGroup
	for i, node := range g.nodes {
		stopping.Go(func() {
			defer close(ended[node.Name()])
			for _, user := range usersOf(g.nodes, node.Name()) {
				<-ended[user]
			}
			errs[i] = g.stop(ctx, node)
		})
	}
	stopping.Wait()
	return errors.Join(errs...)
}

func (g *Group) stop(ctx context.Context, node Node) error {
	own := g.states[node.Name()]
	if !own.started {
		return nil
	}
	own.started = false
	if err := node.Stop(ctx); err != nil {
		return fmt.Errorf("stop %s: %w", node.Name(), err)
	}
	return nil
}

package stack

import (
	"fmt"
	"io"
	"sync"
	"time"
)

// Phase is one measured step; times are seconds since the start.
type Phase struct {
	Name    string  `json:"name"`
	StartS  float64 `json:"start_s"`
	Seconds float64 `json:"seconds"`
}

// clock measures the steps of a stack, which run side by side.
type clock struct {
	begin   time.Time
	observe Observer

	mu     sync.Mutex
	phases []Phase
	told   int
}

// step begins one; what it returns ends it.
func (c *clock) step(name string) func(error) {
	begin, ended := time.Now(), func(error) {}
	if c.observe != nil {
		ended = c.observe(name)
	}
	return func(err error) {
		ended(err)
		if err != nil {
			return
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		c.phases = append(c.phases, Phase{name, begin.Sub(c.begin).Seconds(), time.Since(begin).Seconds()})
	}
}

// tell writes what has ended since it told last: never between the lines of
// somebody else.
func (c *clock) tell(progress io.Writer) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, phase := range c.phases[c.told:] {
		if progress != nil {
			fmt.Fprintf(progress, "%s: %.1f s\n", phase.Name, phase.Seconds)
		}
	}
	c.told = len(c.phases)
}

func (c *clock) all() []Phase {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]Phase(nil), c.phases...)
}

package stack

import "errors"

// Observer is told of a step as it begins; the function that it returns is
// told how the step ended. Steps run side by side.
type Observer func(step string) (ended func(error))

var errNotReady = errors.New("it was stopped before it was ready")

func (o Observer) begin(step string) func(error) {
	if o == nil {
		return func(error) {}
	}
	return o(step)
}

// observed runs a step between its two notices.
func (s *Stack) observed(step string, body func() error) error {
	ended := s.Observe.begin(step)
	err := body()
	ended(err)
	return err
}

// endHolmesGPT ends the longest step once: from HAPI's launch until it is ready.
func (s *Stack) endHolmesGPT(err error) {
	s.mu.Lock()
	ended := s.hapiEnded
	s.hapiEnded = nil
	s.mu.Unlock()
	if ended != nil {
		ended(err)
	}
}

package events

// Run is what a log tells, as far as it goes. Times are epoch seconds.
type Run struct {
	RunID, Suite string
	// Path is the folder of the Go suite.
	Path string
	// Outcome is that of run_finish; empty when the suite was cut off.
	Outcome string
	// Begin and End are the times of the first and the last event.
	Begin, End float64

	Session       Session
	Collected     []string
	CollectErrors []Event
	Workers       []*Worker
	Tests         []*Test
	Spans         []*Span
	Specs         []*Spec

	workers map[string]*Worker
	tests   map[string]*Test
	spans   map[string]*Span
	specs   map[specKey]*Spec
	mirrors map[string]*Spec
}

// Session is the pytest session.
type Session struct {
	Workers                 int
	PID                     int
	RootDir, Pytest, Python string
	Start, Finish           float64
	// ExitStatus is pytest's; nil until the session has finished.
	ExitStatus *int
}

// Finished says that pytest wrote its last event.
func (s Session) Finished() bool { return s.ExitStatus != nil }

// Worker is one xdist worker.
type Worker struct {
	Name     string
	PID      int
	Up, Down float64
	Error    string
}

// Span is one step of the suite, in the lane infrastructure, seed or suite.
type Span struct {
	ID, Lane, Name, Outcome, Message string
	Start, Finish                    float64
}

// Spec is one Ginkgo spec; NodeID is empty unless it mirrors a test, and Node
// unless it is a node of the suite, such as BeforeSuite. Message is why it
// failed or was skipped.
type Spec struct {
	Text, NodeID, State, Message, Node string
	Labels                             []string
	Process                            int
	Start, Finish                      float64
	Path                               string
	Line                               int
}

// Test is one Python test. Path and Line are those of its definition.
type Test struct {
	NodeID, Worker string
	PID            int
	Path           string
	Line           int
	Started        float64
	// Finished is the time of test_finish; 0 while the test has not ended.
	Finished        float64
	Outcome, Reason string
	Attempts        int
	Phases          []Event
	Subtests        []Event
}

// Seconds is the test's time as pytest's JUnit file has it: set-up, call and
// teardown, of every attempt.
func (t *Test) Seconds() float64 {
	total := 0.0
	for _, phase := range t.Phases {
		total += phase.Duration
	}
	return total
}

// Start is when the test began: its first phase, else test_start.
func (t *Test) Start() float64 {
	for _, phase := range t.Phases {
		if phase.Start > 0 {
			return phase.Start
		}
	}
	return t.Started
}

// Stop is when its last phase ended, else test_finish; 0 while it runs.
func (t *Test) Stop() float64 {
	for i := len(t.Phases) - 1; i >= 0; i-- {
		if t.Phases[i].Stop > 0 {
			return t.Phases[i].Stop
		}
	}
	return t.Finished
}

// Sections are what the last attempt printed and logged: title and text. Each
// phase has those that no earlier one had.
func (t *Test) Sections() [][2]string {
	if len(t.Phases) == 0 {
		return nil
	}
	last := t.Phases[len(t.Phases)-1].Attempt
	var sections [][2]string
	for _, phase := range t.Phases {
		if phase.Attempt == last {
			sections = append(sections, phase.Sections...)
		}
	}
	return sections
}

// Failure is where the test failed: the phase that decided its outcome, or its
// first failed sub-test, if pytest knows the place.
func (t *Test) Failure() (path string, line int) {
	for _, phase := range t.Phases {
		if phase.Path != "" && phase.Line > 0 && phase.Outcome == t.Outcome {
			return phase.Path, phase.Line
		}
	}
	for _, subtest := range t.Subtests {
		if subtest.Path != "" && subtest.Outcome == Failed {
			return subtest.Path, subtest.Line
		}
	}
	return "", 0
}

// Spec returns the spec that mirrors a test, or nil.
func (r *Run) Spec(nodeID string) *Spec { return r.mirrors[nodeID] }

// Test returns the test with a node id, or nil.
func (r *Run) Test(nodeID string) *Test { return r.tests[nodeID] }

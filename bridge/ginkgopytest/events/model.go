package events

// Run is what a log tells, as far as it goes. Times are epoch seconds.
type Run struct {
	RunID, Suite string
	// Path is the folder of the Go suite.
	Path string
	// Outcome is that of run_finish; empty when the suite was cut off.
	Outcome string
	// Tree is a fingerprint of the source; empty when it is not known.
	Tree string
	// Clock is that of the machine which began the run.
	Clock Clock
	// Selection is nil unless the run was one of a part of its tests.
	Selection *Selection
	// Begin and End are the times of the first and the last event.
	Begin, End float64

	Session       Session
	Collected     []string
	CollectErrors []Uncollected
	Workers       []*Worker
	Tests         []*Test
	Spans         []*Span
	Specs         []*Spec

	workers map[string]*Worker
	tests   map[string]*Test
	spans   map[string]*Span
	specs   map[specKey]*Spec
	mirrors map[string]*Spec
	words   map[string]string
}

// Clock pairs a moment of the wall clock with one of the monotonic clock of a
// machine's boot; Boot is empty when there is no such clock.
type Clock struct {
	Host, Boot      string
	Wall, Monotonic float64
}

// Selection is the part of the collected tests that a run was for. Shard is
// such as 1/3, and empty of a run that is no shard.
type Selection struct {
	Shard                      string
	Tests, Earlier, Deselected []string
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
	Place                              Place
}

// Uncollected is a module, class or folder that pytest could not collect.
type Uncollected struct {
	NodeID string
	Time   float64
	// Message is in one line why.
	Message string

	source *source
}

// LongRepr is pytest's explanation.
func (e Uncollected) LongRepr() string { return e.source.texts().LongRepr }

// Spec returns the spec that mirrors a test, or nil.
func (r *Run) Spec(nodeID string) *Spec { return r.mirrors[nodeID] }

// Worker returns the worker with a name, or nil.
func (r *Run) Worker(name string) *Worker { return r.workers[name] }

// Test returns the test with a node id, or nil.
func (r *Run) Test(nodeID string) *Test { return r.tests[nodeID] }

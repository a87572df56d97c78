package events

// SchemaVersion is the version of the event log that this package writes and reads.
const SchemaVersion = 1

// Kinds of events.
const (
	RunStart      = "run_start"
	RunFinish     = "run_finish"
	Selected      = "selection"
	SpanStart     = "span_start"
	SpanFinish    = "span_finish"
	SpecStart     = "spec_start"
	SpecFinish    = "spec_finish"
	SessionStart  = "session_start"
	WorkerUp      = "worker_up"
	WorkerDown    = "worker_down"
	Collected     = "collected"
	CollectError  = "collect_error"
	TestStart     = "test_start"
	TestPhase     = "phase"
	TestSubtest   = "subtest"
	TestFinish    = "test_finish"
	SessionStop   = "session_stop"
	SessionFinish = "session_finish"
)

// Phases of a test.
const (
	SetUp    = "setup"
	Call     = "call"
	Teardown = "teardown"
)

// Outcomes of tests and phases.
const (
	Passed  = "passed"
	Failed  = "failed"
	Error   = "error"
	Skipped = "skipped"
	XFailed = "xfailed"
	XPassed = "xpassed"
	Rerun   = "rerun"
	// Unfinished is that of a test whose end the log does not have.
	Unfinished = "unfinished"
	// Interrupted is that of a run which a person or a deadline ended.
	Interrupted = "interrupted"
)

// Event is one line of the log; which fields it has depends on its kind.
type Event struct {
	Event string  `json:"event"`
	Time  float64 `json:"time"`

	SchemaVersion int    `json:"schema_version,omitempty"`
	RunID         string `json:"run_id,omitempty"`
	Suite         string `json:"suite,omitempty"`
	Ran           int    `json:"ran,omitempty"`
	Passed        int    `json:"passed,omitempty"`
	Failed        int    `json:"failed,omitempty"`
	Pending       int    `json:"pending,omitempty"`
	Skipped       int    `json:"skipped,omitempty"`

	Tree      string  `json:"tree,omitempty"`
	Host      string  `json:"host,omitempty"`
	Boot      string  `json:"boot,omitempty"`
	Monotonic float64 `json:"monotonic,omitempty"`

	Shard      string   `json:"shard,omitempty"`
	Earlier    []string `json:"earlier,omitempty"`
	Deselected []string `json:"deselected,omitempty"`

	Span    string `json:"span,omitempty"`
	Lane    string `json:"lane,omitempty"`
	Name    string `json:"name,omitempty"`
	Message string `json:"message,omitempty"`

	Spec    string `json:"spec,omitempty"`
	Process int    `json:"process,omitempty"`
	State   string `json:"state,omitempty"`
	// Node is the type of a suite's node that is no spec, such as BeforeSuite.
	Node   string   `json:"node,omitempty"`
	Labels []string `json:"labels,omitempty"`

	Workers    int    `json:"workers,omitempty"`
	PID        int    `json:"pid,omitempty"`
	RootDir    string `json:"rootdir,omitempty"`
	Pytest     string `json:"pytest,omitempty"`
	Python     string `json:"python,omitempty"`
	ExitStatus *int   `json:"exitstatus,omitempty"`
	Worker     string `json:"worker,omitempty"`
	Error      string `json:"error,omitempty"`

	NodeIDs     []string    `json:"nodeids,omitempty"`
	NodeID      string      `json:"nodeid,omitempty"`
	Path        string      `json:"path,omitempty"`
	Line        int         `json:"line,omitempty"`
	When        string      `json:"when,omitempty"`
	Outcome     string      `json:"outcome,omitempty"`
	Start       float64     `json:"start,omitempty"`
	Stop        float64     `json:"stop,omitempty"`
	Duration    float64     `json:"duration,omitempty"`
	Attempt     int         `json:"attempt,omitempty"`
	Attempts    int         `json:"attempts,omitempty"`
	LongRepr    string      `json:"longrepr,omitempty"`
	Sections    [][2]string `json:"sections,omitempty"`
	WasXFail    *string     `json:"wasxfail,omitempty"`
	Description string      `json:"description,omitempty"`
	Reason      string      `json:"reason,omitempty"`

	source *source
}

package events

type specKey struct {
	text, nodeID string
}

// NewRun is the run of an empty log.
func NewRun() *Run {
	return &Run{
		workers: map[string]*Worker{},
		tests:   map[string]*Test{},
		spans:   map[string]*Span{},
		specs:   map[specKey]*Spec{},
		mirrors: map[string]*Spec{},
		words:   map[string]string{},
	}
}

// Apply takes one event in. Events come in the order of the log.
func (r *Run) Apply(e Event) {
	if r.Begin == 0 || e.Time < r.Begin {
		r.Begin = e.Time
	}
	r.End = max(r.End, e.Time)
	switch e.Event {
	case RunStart:
		r.RunID, r.Suite, r.Path, r.Tree = e.RunID, e.Suite, e.Path, e.Tree
		r.Clock = Clock{Host: e.Host, Boot: e.Boot, Wall: e.Time, Monotonic: e.Monotonic}
	case Selected:
		r.Selection = &Selection{Shard: e.Shard, Tests: e.NodeIDs, Earlier: e.Earlier, Deselected: e.Deselected}
	case RunFinish:
		r.Outcome = e.Outcome
	case SpanStart, SpanFinish:
		r.applySpan(e)
	case SpecStart, SpecFinish:
		r.applySpec(e)
	case SessionStart, SessionFinish, Collected, CollectError:
		r.applySession(e)
	case WorkerUp, WorkerDown:
		r.applyWorker(e)
	case TestStart, TestPhase, TestSubtest, TestFinish:
		r.applyTest(e)
	}
}

func (r *Run) applySpan(e Event) {
	if e.Event == SpanStart {
		span := &Span{ID: e.Span, Lane: e.Lane, Name: e.Name, Start: e.Time}
		r.spans[e.Span] = span
		r.Spans = append(r.Spans, span)
		return
	}
	if span := r.spans[e.Span]; span != nil {
		span.Finish, span.Outcome, span.Message = e.Time, e.Outcome, e.Message
	}
}

func (r *Run) applySpec(e Event) {
	key := specKey{e.Spec, e.NodeID}
	spec := r.specs[key]
	if spec == nil {
		if test := r.tests[e.NodeID]; test != nil {
			e.NodeID = test.NodeID
		}
		spec = &Spec{Text: e.Spec, NodeID: e.NodeID, Process: e.Process, Start: e.Time}
		r.specs[key] = spec
		r.Specs = append(r.Specs, spec)
		if e.NodeID != "" {
			r.mirrors[e.NodeID] = spec
		}
	}
	if e.Event == SpecFinish {
		spec.Finish, spec.State, spec.Place = e.Time, r.shared(e.State), Place{r.shared(e.Path), e.Line}
		spec.Message, spec.Labels, spec.Node = e.Message, e.Labels, e.Node
		if e.Start > 0 {
			spec.Start = e.Start
		}
	}
}

func (r *Run) applySession(e Event) {
	switch e.Event {
	case SessionStart:
		r.Session = Session{Workers: e.Workers, PID: e.PID, RootDir: e.RootDir, Pytest: e.Pytest, Python: e.Python, Start: e.Time}
	case SessionFinish:
		status := 0
		if e.ExitStatus != nil {
			status = *e.ExitStatus
		}
		r.Session.Finish, r.Session.ExitStatus = e.Time, &status
	case Collected:
		r.Collected = e.NodeIDs
	case CollectError:
		r.CollectErrors = append(r.CollectErrors, Uncollected{
			NodeID: e.NodeID, Time: e.Time, Message: oneLine(e.LongRepr), source: sourceOf(e),
		})
	}
}

func (r *Run) applyWorker(e Event) {
	worker := r.workers[e.Worker]
	if worker == nil {
		worker = &Worker{Name: e.Worker}
		r.workers[e.Worker] = worker
		r.Workers = append(r.Workers, worker)
	}
	if e.Event == WorkerUp {
		worker.Up, worker.PID = e.Time, e.PID
		return
	}
	worker.Down, worker.Error = e.Time, e.Error
}

// shared is one copy of a word that thousands of events have.
func (r *Run) shared(word string) string {
	if known, found := r.words[word]; found {
		return known
	}
	r.words[word] = word
	return word
}

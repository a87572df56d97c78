package approval

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"

	"github.com/open-policy-agent/opa/v1/rego"
)

// Decision is what the policy says. A degraded one was not made by the policy,
// which could not be asked; it always requires approval.
type Decision struct {
	RequireApproval bool
	Reason          string
	Degraded        bool
}

// Evaluator has the compiled policy. Its zero value with a Path is degraded
// until Load succeeds.
type Evaluator struct {
	// Path is the policy file.
	Path string

	mutex    sync.RWMutex
	source   string
	compiled *rego.PreparedEvalQuery
}

// Load compiles the file and takes it over if its content changed; what cannot
// be compiled leaves the policy as it was.
func (e *Evaluator) Load(ctx context.Context) (changed bool, err error) {
	source, compiled, err := compile(ctx, e.Path)
	if err != nil {
		return false, err
	}
	e.mutex.Lock()
	defer e.mutex.Unlock()
	changed = e.compiled == nil || e.source != source
	e.source, e.compiled = source, compiled
	return changed, nil
}

// Loaded tells whether there is a policy.
func (e *Evaluator) Loaded() bool { return e.policy() != nil }

func (e *Evaluator) policy() *rego.PreparedEvalQuery {
	e.mutex.RLock()
	defer e.mutex.RUnlock()
	return e.compiled
}

// Evaluate asks the policy. The only error is that of a context that ended;
// whatever else goes wrong is a degraded decision.
func (e *Evaluator) Evaluate(ctx context.Context, input Input) (Decision, error) {
	policy := e.policy()
	if policy == nil {
		return degraded("%s", e.absence()), nil
	}
	results, err := policy.Eval(ctx, rego.EvalInput(input))
	if ended := context.Cause(ctx); ended != nil {
		return Decision{}, fmt.Errorf("approval policy: %w", ended)
	}
	if err != nil {
		return degraded("Policy evaluation failed: %v", err), nil
	}
	return read(results), nil
}

func (e *Evaluator) absence() string {
	if _, err := os.Stat(e.Path); errors.Is(err, os.ErrNotExist) {
		return "Policy file not found: " + e.Path
	}
	return "Policy is not loaded: " + e.Path
}

// read takes the decision from what the policy returned. A policy that does not
// say whether approval is required requires it.
func read(results rego.ResultSet) Decision {
	if len(results) == 0 || len(results[0].Expressions) == 0 {
		return degraded("Policy returned no result")
	}
	said, is := results[0].Expressions[0].Value.(map[string]any)
	if !is {
		return degraded("Policy returned %T, not an object", results[0].Expressions[0].Value)
	}
	decision := Decision{RequireApproval: true}
	if value, given := said["require_approval"]; given {
		if decision.RequireApproval, is = value.(bool); !is {
			return degraded("Policy returned %T for require_approval, not a boolean", value)
		}
	}
	if value, given := said["reason"]; given {
		if decision.Reason, is = value.(string); !is {
			return degraded("Policy returned %T for reason, not a string", value)
		}
	}
	return decision
}

func degraded(format string, values ...any) Decision {
	return Decision{RequireApproval: true, Reason: fmt.Sprintf(format, values...), Degraded: true}
}

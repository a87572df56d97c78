// Package approval asks a Rego policy whether a person must approve the workflow
// that an analysis selected. The policy is a file that may change while the
// controller runs.
package approval

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/open-policy-agent/opa/v1/rego"
)

// query is what a policy file has to define: an object with require_approval
// and reason.
const query = "data.aianalysis.approval"

// compile reads and compiles the policy file. Errors name file and line.
func compile(ctx context.Context, path string) (source string, prepared *rego.PreparedEvalQuery, err error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return "", nil, fmt.Errorf("approval policy: %w", err)
	}
	compiled, err := rego.New(rego.Query(query), rego.Module(filepath.Base(path), string(content))).PrepareForEval(ctx)
	if err != nil {
		return "", nil, fmt.Errorf("approval policy %s: %w", path, err)
	}
	if err := probe(ctx, compiled); err != nil {
		return "", nil, fmt.Errorf("approval policy %s: %w", path, err)
	}
	return string(content), &compiled, nil
}

// probe refuses a file that says nothing at all of approvals: it is another policy.
func probe(ctx context.Context, compiled rego.PreparedEvalQuery) error {
	results, err := compiled.Eval(ctx, rego.EvalInput(Input{}))
	if err != nil {
		return err
	}
	if len(results) == 0 || len(results[0].Expressions) == 0 {
		return errors.New("it does not define package aianalysis.approval")
	}
	return nil
}

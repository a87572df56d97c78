// Package seed posts the test workflows to DataStorage, each of them once.
package seed

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	ogenclient "github.com/jordigilh/kubernaut/pkg/datastorage/ogen-client"
	"github.com/jordigilh/kubernaut/test/infrastructure/manifest"
	"github.com/jordigilh/kubernaut/test/workflows"
)

// Options of Seed; a zero value takes the default.
type Options struct {
	// Output gets what was created, what existed and what failed; one that is a
	// Recorder gets more.
	Output   io.Writer
	Workers  int
	Attempts int
	Backoff  time.Duration
	MaxDelay time.Duration
	// Observe is told of every workflow as its POST begins; the function that
	// it returns is told how that ended. Several are under way at once.
	Observe func(workflow string) (ended func(error))
}

func (o Options) withDefaults() Options {
	if o.Output == nil {
		o.Output = io.Discard
	}
	if recorder, ok := o.Output.(Recorder); ok && o.Observe == nil {
		o.Observe = recorder.Posting
	}
	if o.Observe == nil {
		o.Observe = func(string) func(error) { return func(error) {} }
	}
	if o.Workers <= 0 {
		o.Workers = 4
	}
	if o.Attempts <= 0 {
		o.Attempts = 6
	}
	if o.Backoff <= 0 {
		o.Backoff = 200 * time.Millisecond
	}
	if o.MaxDelay <= 0 {
		o.MaxDelay = 5 * time.Second
	}
	return o
}

// Recorder is an Output that keeps more than lines of text.
type Recorder interface {
	// Posting is an Observe.
	Posting(workflow string) (ended func(error))
	// Seeded is told of the result, also when something failed.
	Seeded(Result)
}

// Failure is a workflow that was not stored, and why.
type Failure struct {
	Name   string   `json:"workflow_name"`
	Reason string   `json:"reason"`
	Fields []string `json:"fields,omitempty"`
}

// Result is what a seed did; Posts counts the requests that were sent.
type Result struct {
	Created   []string            `json:"created"`
	Existing  []string            `json:"existing"`
	Failed    []Failure           `json:"failed"`
	IDs       map[string]string   `json:"workflow_ids"`
	Workflows []manifest.Workflow `json:"workflows"`
	Posts     int                 `json:"post_requests"`
	Seconds   float64             `json:"seconds"`
}

// Seed posts every workflow once; its error names each workflow that failed.
func Seed(ctx context.Context, client *ogenclient.Client, all []workflows.Workflow, opts Options) (Result, error) {
	opts = opts.withDefaults()
	requests, err := inputs(all)
	if err != nil {
		return Result{}, err
	}
	started := time.Now()
	answers := postAll(ctx, client, requests, opts)
	result := collect(all, answers)
	result.Seconds = time.Since(started).Seconds()
	if recorder, ok := opts.Output.(Recorder); ok {
		recorder.Seeded(result)
	}
	if err := result.print(opts.Output); err != nil {
		return result, fmt.Errorf("seed report: %w", err)
	}
	return result, result.err()
}

func postAll(ctx context.Context, client *ogenclient.Client, requests []*ogenclient.WorkflowInput, opts Options) []answer {
	answers := make([]answer, len(requests))
	slots := make(chan struct{}, opts.Workers)
	var running sync.WaitGroup
	for i, request := range requests {
		running.Go(func() {
			select {
			case slots <- struct{}{}:
				defer func() { <-slots }()
				ended := opts.Observe(request.WorkflowName)
				answers[i] = post(ctx, client, request, opts)
				ended(answers[i].err)
			case <-ctx.Done():
				answers[i] = answer{outcome: manifest.Failed, err: ctx.Err()}
			}
		})
	}
	running.Wait()
	return answers
}

func collect(all []workflows.Workflow, answers []answer) Result {
	result := Result{Created: []string{}, Existing: []string{}, Failed: []Failure{}, IDs: map[string]string{}}
	for i, a := range answers {
		w := all[i]
		result.Posts += a.posts
		result.Workflows = append(result.Workflows, manifest.Workflow{
			WorkflowName: w.Name, Version: w.Version, Environments: slices.Clone(w.Labels.Environment),
			WorkflowID: a.id, ContentHash: w.ContentHash(), Outcome: a.outcome,
		})
		switch a.outcome {
		case manifest.Created:
			result.Created = append(result.Created, w.Name)
		case manifest.Existing:
			result.Existing = append(result.Existing, w.Name)
		default:
			result.Failed = append(result.Failed, failure(w.Name, a.err))
			continue
		}
		result.IDs[w.Name] = a.id
	}
	slices.Sort(result.Created)
	slices.Sort(result.Existing)
	return result
}

func failure(name string, err error) Failure {
	f := Failure{Name: name, Reason: err.Error()}
	var reply *ReplyError
	if errors.As(err, &reply) {
		f.Fields = reply.Fields
	}
	return f
}

func (r Result) print(output io.Writer) error {
	_, err := fmt.Fprintf(output, "✅ Created: %d\n⚠️ Existing: %d\n❌ Failed: %d\n",
		len(r.Created), len(r.Existing), len(r.Failed))
	return err
}

func (r Result) err() error {
	var problems []error
	for _, f := range r.Failed {
		problems = append(problems, fmt.Errorf("%s: %s", f.Name, f.Reason))
	}
	owner := map[string]string{}
	for _, w := range r.Workflows {
		if w.WorkflowID == "" {
			continue
		}
		if other, taken := owner[w.WorkflowID]; taken {
			problems = append(problems, fmt.Errorf("%s: has the id of %s (%s)", w.WorkflowName, other, w.WorkflowID))
		}
		owner[w.WorkflowID] = w.WorkflowName
	}
	if len(problems) == 0 {
		return nil
	}
	return fmt.Errorf("%d of %d workflows failed to seed:\n%w", len(problems), len(r.Workflows), errors.Join(problems...))
}

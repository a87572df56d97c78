package seed

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	ogenclient "github.com/jordigilh/kubernaut/pkg/datastorage/ogen-client"
	"github.com/jordigilh/kubernaut/test/infrastructure/manifest"
)

// answer is what became of one workflow.
type answer struct {
	id      string
	outcome manifest.Outcome
	posts   int
	err     error
}

// post sends one workflow, and again only while the service says that it is busy.
func post(ctx context.Context, client *ogenclient.Client, in *ogenclient.WorkflowInput, opts Options) answer {
	for posts := 1; ; posts++ {
		response, err := client.CreateWorkflow(ctx, in)
		if err == nil {
			return accepted(response, posts)
		}
		retryAfter, busy := busyReply(err)
		if !busy || posts == opts.Attempts {
			return answer{outcome: manifest.Failed, posts: posts, err: reason(err)}
		}
		if wait(ctx, opts.delay(posts, retryAfter)) != nil {
			return answer{outcome: manifest.Failed, posts: posts, err: fmt.Errorf("%w while waiting after: %w", ctx.Err(), reason(err))}
		}
	}
}

func accepted(response ogenclient.CreateWorkflowRes, posts int) answer {
	switch r := response.(type) {
	case *ogenclient.CreateWorkflowCreated:
		return answer{id: r.WorkflowID.String(), outcome: manifest.Created, posts: posts}
	case *ogenclient.CreateWorkflowOK:
		return answer{id: r.WorkflowID.String(), outcome: manifest.Existing, posts: posts}
	}
	return answer{outcome: manifest.Failed, posts: posts, err: fmt.Errorf("unexpected reply %T", response)}
}

// busyReply returns the Retry-After value of a 429 or 503.
func busyReply(err error) (string, bool) {
	var status int
	var retryAfter string
	var problem *ogenclient.ProblemStatusCodeWithHeaders
	var foreign *ForeignReplyError
	switch {
	case errors.As(err, &problem):
		status, retryAfter = problem.StatusCode, problem.RetryAfter.Or("")
	case errors.As(err, &foreign):
		status, retryAfter = foreign.StatusCode, foreign.RetryAfter
	}
	return retryAfter, status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable
}

// delay doubles from Backoff, is at least what the service asked for, and never more than MaxDelay.
func (o Options) delay(posts int, retryAfter string) time.Duration {
	delay := o.Backoff
	for i := 1; i < posts && delay < o.MaxDelay; i++ {
		delay *= 2
	}
	if seconds, err := strconv.Atoi(strings.TrimSpace(retryAfter)); err == nil && seconds > 0 {
		seconds = min(seconds, int(o.MaxDelay/time.Second)+1)
		delay = max(delay, time.Duration(seconds)*time.Second)
	}
	return min(delay, o.MaxDelay)
}

func wait(ctx context.Context, delay time.Duration) error {
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// reason shortens a problem to what a person needs.
func reason(err error) error {
	var problem *ogenclient.ProblemStatusCodeWithHeaders
	if !errors.As(err, &problem) {
		return err
	}
	p := problem.Response
	text := fmt.Sprintf("HTTP %d: %s", problem.StatusCode, p.Detail.Or(p.Title))
	if fields := drift(p); len(fields) > 0 {
		text += fmt.Sprintf(" (fields: %s)", strings.Join(fields, ", "))
	}
	if id, given := p.RequestID.Get(); given {
		text += fmt.Sprintf(" [request %s]", id)
	}
	return &ReplyError{StatusCode: problem.StatusCode, Fields: drift(p), text: text}
}

// ReplyError is a problem that the service reported for one workflow.
type ReplyError struct {
	StatusCode int
	Fields     []string
	text       string
}

func (e *ReplyError) Error() string { return e.text }

func drift(p ogenclient.Problem) []string {
	fields := slices.Clone(p.DifferingFields)
	for field := range p.FieldErrors.Value {
		fields = append(fields, field)
	}
	slices.Sort(fields)
	return slices.Compact(fields)
}

package seed

import (
	"context"
	"errors"
	"fmt"
	"net/http"
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
		if stored, ok := accepted(response, posts); err == nil && ok {
			return stored
		}
		refused := refusal(response, err)
		retryAfter, busy := busyReply(refused)
		if !busy || posts == opts.Attempts {
			return answer{outcome: manifest.Failed, posts: posts, err: refused}
		}
		if wait(ctx, opts.delay(posts, retryAfter)) != nil {
			return answer{outcome: manifest.Failed, posts: posts, err: fmt.Errorf("%w while waiting after: %w", ctx.Err(), refused)}
		}
	}
}

func accepted(response ogenclient.CreateWorkflowRes, posts int) (answer, bool) {
	switch r := response.(type) {
	case *ogenclient.CreateWorkflowCreated:
		return answer{id: r.WorkflowID.String(), outcome: manifest.Created, posts: posts}, true
	case *ogenclient.CreateWorkflowOK:
		return answer{id: r.WorkflowID.String(), outcome: manifest.Existing, posts: posts}, true
	}
	return answer{}, false
}

// busyReply returns the Retry-After value of a 429 or 503.
func busyReply(err error) (string, bool) {
	var status int
	var retryAfter string
	var reply *ReplyError
	var foreign *ForeignReplyError
	switch {
	case errors.As(err, &reply):
		status, retryAfter = reply.StatusCode, reply.retryAfter
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

package seed

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	ogenclient "github.com/jordigilh/kubernaut/pkg/datastorage/ogen-client"
)

// ReplyError is a problem that the service reported for one workflow.
type ReplyError struct {
	StatusCode int
	Fields     []string
	retryAfter string
	text       string
}

func (e *ReplyError) Error() string { return e.text }

// refusal is why a workflow was not stored: a named answer of the contract, its
// default answer, or no answer of the service at all.
func refusal(response ogenclient.CreateWorkflowRes, err error) error {
	var other *ogenclient.ProblemStatusCodeWithHeaders
	if errors.As(err, &other) {
		return replyError(other.StatusCode, other.Response, other.RetryAfter)
	}
	if err != nil {
		return err
	}
	never := ogenclient.OptString{}
	switch r := response.(type) {
	case *ogenclient.CreateWorkflowBadRequest:
		return replyError(http.StatusBadRequest, ogenclient.Problem(*r), never)
	case *ogenclient.UnauthorizedHeaders:
		return replyError(http.StatusUnauthorized, r.Response, never)
	case *ogenclient.CreateWorkflowForbidden:
		return replyError(http.StatusForbidden, ogenclient.Problem(*r), never)
	case *ogenclient.CreateWorkflowConflict:
		return replyError(http.StatusConflict, ogenclient.Problem(*r), never)
	case *ogenclient.CreateWorkflowRequestEntityTooLarge:
		return replyError(http.StatusRequestEntityTooLarge, ogenclient.Problem(*r), never)
	case *ogenclient.UnavailableHeaders:
		return replyError(http.StatusServiceUnavailable, r.Response, r.RetryAfter)
	}
	return fmt.Errorf("unexpected reply %T", response)
}

// replyError shortens a problem to what a person needs.
func replyError(status int, p ogenclient.Problem, retryAfter ogenclient.OptString) *ReplyError {
	fields := drift(p)
	text := fmt.Sprintf("HTTP %d: %s", status, p.Detail.Or(p.Title))
	if len(fields) > 0 {
		text += fmt.Sprintf(" (fields: %s)", strings.Join(fields, ", "))
	}
	if id, given := p.RequestID.Get(); given {
		text += fmt.Sprintf(" [request %s]", id)
	}
	return &ReplyError{StatusCode: status, Fields: fields, retryAfter: retryAfter.Or(""), text: text}
}

func drift(p ogenclient.Problem) []string {
	fields := slices.Clone(p.DifferingFields)
	for field := range p.FieldErrors.Value {
		fields = append(fields, field)
	}
	slices.Sort(fields)
	return slices.Compact(fields)
}

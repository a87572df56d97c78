package investigation

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Class is what kind of failure a call ended with.
type Class string

// The classes; the first four are worth another try.
const (
	Timeout        Class = "Timeout"
	Network        Class = "Network"
	RateLimit      Class = "RateLimit"
	Transient      Class = "Transient"
	Permanent      Class = "Permanent"
	Authentication Class = "Authentication"
	Authorization  Class = "Authorization"
	Configuration  Class = "Configuration"
)

// Retryable tells whether another try may succeed.
func (c Class) Retryable() bool {
	switch c {
	case Timeout, Network, RateLimit, Transient:
		return true
	default:
		return false
	}
}

// StatusError is a reply that is not a success.
type StatusError struct {
	Status     int
	Detail     string
	RetryAfter time.Duration
}

func (e *StatusError) Error() string { return fmt.Sprintf("HTTP %d: %s", e.Status, e.Detail) }

// newStatusError takes the detail of a problem document, else the body as it is.
func newStatusError(response *http.Response, body []byte) *StatusError {
	found := &StatusError{Status: response.StatusCode}
	if seconds, err := strconv.Atoi(response.Header.Get("Retry-After")); err == nil && seconds > 0 {
		found.RetryAfter = time.Duration(seconds) * time.Second
	}
	var problem struct{ Title, Detail string }
	if json.Unmarshal(body, &problem) == nil && problem.Title != "" {
		found.Detail = strings.TrimSuffix(problem.Title+": "+problem.Detail, ": ")
		return found
	}
	found.Detail = strings.Join(strings.Fields(string(body)), " ")
	return found
}

// StatusOf is the HTTP status that a call ended with; 0 means that there was no reply.
func StatusOf(err error) int {
	if err == nil {
		return http.StatusOK
	}
	if refused, is := errors.AsType[*StatusError](err); is {
		return refused.Status
	}
	return 0
}

// RetryAfter is what HolmesGPT asked to wait; 0 means that it did not.
func RetryAfter(err error) time.Duration {
	if refused, is := errors.AsType[*StatusError](err); is {
		return refused.RetryAfter
	}
	return 0
}

// Classify says what kind of failure the error of a call is.
func Classify(err error) Class {
	if refused, is := errors.AsType[*StatusError](err); is {
		return classOf(refused.Status)
	}
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return Timeout
	}
	if failed, is := errors.AsType[net.Error](err); is && failed.Timeout() {
		return Timeout
	}
	if _, is := errors.AsType[*url.Error](err); is {
		return Network
	}
	return Permanent
}

func classOf(status int) Class {
	switch status {
	case http.StatusTooManyRequests:
		return RateLimit
	case http.StatusUnauthorized:
		return Authentication
	case http.StatusForbidden:
		return Authorization
	case http.StatusNotFound:
		return Configuration
	case http.StatusBadRequest, http.StatusConflict, http.StatusRequestEntityTooLarge, http.StatusUnprocessableEntity:
		return Permanent
	default:
		return Transient
	}
}

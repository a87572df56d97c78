package audit

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/go-faster/jx"

	ogenclient "github.com/jordigilh/kubernaut/pkg/datastorage/ogen-client"
)

// Store is DataStorage's audit trail.
type Store struct{ api *ogenclient.Client }

// Refusal is an event that DataStorage never takes, and why.
type Refusal struct{ Event, Reason string }

// NewStore reads the bearer token from tokenFile for each call, because tokens
// rotate; timeout bounds each call.
func NewStore(url, tokenFile string, timeout time.Duration) (*Store, error) {
	doer := &http.Client{Timeout: timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	api, err := ogenclient.NewClient(url, tokenSource(tokenFile), ogenclient.WithClient(strict{doer}))
	if err != nil {
		return nil, fmt.Errorf("DataStorage client for %s: %w", url, err)
	}
	return &Store{api: api}, nil
}

// Deliver sends documents of events in their order. Without an error DataStorage
// has them all, but for those that it refuses for good.
func (s *Store) Deliver(ctx context.Context, documents []string) ([]Refusal, error) {
	var refused []Refusal
	var sent []string
	var events []ogenclient.IdentifiedAuditEvent
	for _, one := range documents {
		var event ogenclient.IdentifiedAuditEvent
		if err := event.Decode(jx.DecodeStr(one)); err != nil {
			refused = append(refused, Refusal{one, fmt.Sprintf("not an event: %v", err)})
			continue
		}
		sent, events = append(sent, one), append(events, event)
	}
	if len(events) == 0 {
		return refused, nil
	}
	results, err := s.send(ctx, events)
	if err != nil {
		return nil, err
	}
	for i, result := range results {
		if result.Outcome == ogenclient.AuditBatchItemOutcomeConflict || result.Outcome == ogenclient.AuditBatchItemOutcomeRefused {
			refused = append(refused, Refusal{sent[i], string(result.Outcome) + ": " + result.Reason.Value})
		}
	}
	return refused, nil
}

func (s *Store) send(ctx context.Context, events []ogenclient.IdentifiedAuditEvent) ([]ogenclient.AuditBatchItem, error) {
	answer, err := s.api.CreateAuditEventsBatch(ctx, events)
	if err != nil {
		return nil, fmt.Errorf("DataStorage: %w", err)
	}
	var results []ogenclient.AuditBatchItem
	switch found := answer.(type) {
	case *ogenclient.CreateAuditEventsBatchCreated:
		results = found.Results
	case *ogenclient.CreateAuditEventsBatchMultiStatus:
		results = found.Results
	default:
		return nil, fmt.Errorf("DataStorage answered with %T", answer)
	}
	if len(results) != len(events) {
		return nil, fmt.Errorf("DataStorage answered %d results to %d events", len(results), len(events))
	}
	return results, nil
}

type tokenSource string

func (file tokenSource) BearerAuth(context.Context, ogenclient.OperationName) (ogenclient.BearerAuth, error) {
	data, err := os.ReadFile(string(file))
	if err != nil {
		return ogenclient.BearerAuth{}, fmt.Errorf("bearer token: %w", err)
	}
	token := strings.TrimSpace(string(data))
	if token == "" {
		return ogenclient.BearerAuth{}, errors.New("bearer token: " + string(file) + " is empty")
	}
	return ogenclient.BearerAuth{Token: token}, nil
}

// strict makes an error of every reply but a success, whoever sent it.
type strict struct{ *http.Client }

func (c strict) Do(request *http.Request) (*http.Response, error) {
	response, err := c.Client.Do(request)
	if err != nil || response.StatusCode == http.StatusCreated || response.StatusCode == http.StatusMultiStatus {
		return response, err
	}
	defer func() { _ = response.Body.Close() }()
	body, _ := io.ReadAll(io.LimitReader(response.Body, preview))
	return nil, fmt.Errorf("HTTP %d: %s", response.StatusCode, strings.Join(strings.Fields(string(body)), " "))
}

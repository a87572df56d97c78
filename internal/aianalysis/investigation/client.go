// Package investigation asks HolmesGPT for the cause of an incident, once for
// each AIAnalysis, and reads its answer in the words of the custom resource.
package investigation

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"

	"github.com/jordigilh/kubernaut/api/aianalysis/v1alpha1"
	"github.com/jordigilh/kubernaut/pkg/holmesgpt/client"
)

// quoted is how much of a foreign reply an error shows, in bytes.
const quoted = 512

// The paths of the contract, as the audit trail names them.
const (
	IncidentEndpoint = "/api/v1/incident/analyze"
	RecoveryEndpoint = "/api/v1/recovery/analyze"
)

// EndpointOf is what an analysis is asked at.
func EndpointOf(analysis *v1alpha1.AIAnalysis) string {
	if analysis.Spec.IsRecoveryAttempt {
		return RecoveryEndpoint
	}
	return IncidentEndpoint
}

// Key is the Idempotency-Key of an analysis: that of its object, which never
// changes what it asks.
func Key(analysis *v1alpha1.AIAnalysis) string { return string(analysis.UID) }

// Client asks HolmesGPT.
type Client struct{ api *client.Client }

// NewClient reads the bearer token from tokenFile for each call, because tokens
// rotate.
func NewClient(url, tokenFile string) (*Client, error) {
	doer := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	api, err := client.NewClient(url, tokenSource(tokenFile), client.WithClient(strict{doer}))
	if err != nil {
		return nil, fmt.Errorf("HolmesGPT client for %s: %w", url, err)
	}
	return &Client{api: api}, nil
}

// Investigate asks at the endpoint of the analysis. The context bounds the call.
func (c *Client) Investigate(ctx context.Context, analysis *v1alpha1.AIAnalysis) (Result, error) {
	key := client.NewOptString(Key(analysis))
	if analysis.Spec.IsRecoveryAttempt {
		request := recoveryRequest(analysis)
		answer, err := c.api.AnalyzeRecovery(ctx, &request, client.AnalyzeRecoveryParams{IdempotencyKey: key})
		if err != nil {
			return Result{}, err
		}
		if found, is := answer.(*client.RecoveryResponse); is {
			return recoveryResult(found), nil
		}
		return Result{}, fmt.Errorf("HolmesGPT answered with %T", answer)
	}
	request := incidentRequest(analysis)
	answer, err := c.api.AnalyzeIncident(ctx, &request, client.AnalyzeIncidentParams{IdempotencyKey: key})
	if err != nil {
		return Result{}, err
	}
	if found, is := answer.(*client.IncidentResponse); is {
		return incidentResult(found), nil
	}
	return Result{}, fmt.Errorf("HolmesGPT answered with %T", answer)
}

type tokenSource string

func (file tokenSource) BearerAuth(context.Context, client.OperationName) (client.BearerAuth, error) {
	data, err := os.ReadFile(string(file))
	if err != nil {
		return client.BearerAuth{}, fmt.Errorf("bearer token: %w", err)
	}
	token := strings.TrimSpace(string(data))
	if token == "" {
		return client.BearerAuth{}, fmt.Errorf("bearer token: %s is empty", file)
	}
	return client.BearerAuth{Token: token}, nil
}

// strict makes a StatusError of every reply but a success, whoever sent it.
type strict struct{ *http.Client }

func (c strict) Do(request *http.Request) (*http.Response, error) {
	response, err := c.Client.Do(request)
	if err != nil || response.StatusCode == http.StatusOK {
		return response, err
	}
	defer func() { _ = response.Body.Close() }()
	body, _ := io.ReadAll(io.LimitReader(response.Body, quoted))
	return nil, newStatusError(response, body)
}

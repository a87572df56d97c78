package seed

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"mime"
	"net/http"
	"os"
	"strings"
	"time"

	ogenclient "github.com/jordigilh/kubernaut/pkg/datastorage/ogen-client"
)

const (
	requestTimeout = 30 * time.Second
	quotedBytes    = 200
)

// ForeignReplyError is a reply that did not come from the service itself,
// such as a proxy's; the generated client would report its content type only.
type ForeignReplyError struct {
	StatusCode  int
	ContentType string
	RetryAfter  string
	Body        string
}

func (e *ForeignReplyError) Error() string {
	return fmt.Sprintf("HTTP %d of type %q is not the service's reply: %s", e.StatusCode, e.ContentType, e.Body)
}

// NewClient returns a DataStorage client that reads its bearer token from tokenFile for each call.
func NewClient(url, tokenFile string) (*ogenclient.Client, error) {
	client, err := ogenclient.NewClient(url, tokenSource(tokenFile), ogenclient.WithClient(newHTTPClient()))
	if err != nil {
		return nil, fmt.Errorf("DataStorage client for %s: %w", url, err)
	}
	return client, nil
}

// tokenSource is read per call, because tokens rotate.
type tokenSource string

func (file tokenSource) BearerAuth(context.Context, ogenclient.OperationName) (ogenclient.BearerAuth, error) {
	data, err := os.ReadFile(string(file))
	if err != nil {
		return ogenclient.BearerAuth{}, fmt.Errorf("bearer token: %w", err)
	}
	token := strings.TrimSpace(string(data))
	if token == "" {
		return ogenclient.BearerAuth{}, fmt.Errorf("bearer token: %s is empty", file)
	}
	return ogenclient.BearerAuth{Token: token}, nil
}

type httpClient struct{ *http.Client }

func newHTTPClient() httpClient {
	return httpClient{&http.Client{
		Timeout:       requestTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Do turns replies that the contract does not know into a ForeignReplyError.
func (c httpClient) Do(request *http.Request) (*http.Response, error) {
	response, err := c.Client.Do(request)
	if err != nil {
		return nil, err
	}
	contentType := response.Header.Get("Content-Type")
	if mediaType, _, _ := mime.ParseMediaType(contentType); mediaType == expectedType(response.StatusCode) {
		return response, nil
	}
	defer func() { _ = response.Body.Close() }()
	body, _ := io.ReadAll(io.LimitReader(response.Body, quotedBytes))
	return nil, &ForeignReplyError{
		StatusCode:  response.StatusCode,
		ContentType: contentType,
		RetryAfter:  response.Header.Get("Retry-After"),
		Body:        string(bytes.Join(bytes.Fields(body), []byte(" "))),
	}
}

func expectedType(status int) string {
	if status >= 200 && status < 300 {
		return "application/json"
	}
	return "application/problem+json"
}

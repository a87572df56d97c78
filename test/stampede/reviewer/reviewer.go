// Package reviewer is the reviewer of the incident: a reverse proxy that asks
// the API server anew for each request, through client-go and its rate limiter.
// `make reproduce-br-test-008` puts it in front of DataStorage.
package reviewer

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"time"

	authenticationv1 "k8s.io/api/authentication/v1"
	authorizationv1 "k8s.io/api/authorization/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	authentication "k8s.io/client-go/kubernetes/typed/authentication/v1"
	authorization "k8s.io/client-go/kubernetes/typed/authorization/v1"
	"k8s.io/client-go/rest"
)

const (
	maxBody         = 1 << 20
	idleConnections = 128
)

// Options of one reviewer. QPS and Burst are client-go's; a negative QPS
// switches its limiter off. Right is what a caller needs.
type Options struct {
	Config   *rest.Config
	QPS      float32
	Burst    int
	Audience string
	Right    authorizationv1.ResourceAttributes
	Upstream *url.URL
	Log      io.Writer
}

// Reviewer is an http.Handler.
type Reviewer struct {
	tokens   authentication.TokenReviewInterface
	rights   authorization.SubjectAccessReviewInterface
	audience string
	right    authorizationv1.ResourceAttributes
	upstream http.Handler
	log      *accessLog
}

// New makes a reviewer without a cache, as the incident's was.
func New(o Options) (*Reviewer, error) {
	tokens, err := authentication.NewForConfig(limited(o.Config, o.QPS, o.Burst))
	if err != nil {
		return nil, fmt.Errorf("client for TokenReviews: %w", err)
	}
	rights, err := authorization.NewForConfig(limited(o.Config, o.QPS, o.Burst))
	if err != nil {
		return nil, fmt.Errorf("client for SubjectAccessReviews: %w", err)
	}
	return &Reviewer{tokens: tokens.TokenReviews(), rights: rights.SubjectAccessReviews(), audience: o.Audience,
		right: o.Right, upstream: forwarder(o.Upstream), log: newAccessLog(o.Log)}, nil
}

// forwarder keeps connections open: the reviews are to be what takes time.
func forwarder(upstream *url.URL) http.Handler {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.Proxy, transport.MaxIdleConnsPerHost = nil, idleConnections
	forward := httputil.NewSingleHostReverseProxy(upstream)
	forward.Transport = transport
	forward.ErrorHandler = func(w http.ResponseWriter, _ *http.Request, err error) {
		http.Error(w, err.Error(), http.StatusBadGateway)
	}
	return forward
}

// ServeHTTP reads the body first, as the incident's service validated first;
// only then does Go's server notice that a caller hangs up.
func (r *Reviewer) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	begin := time.Now()
	body, err := io.ReadAll(http.MaxBytesReader(w, request.Body, maxBody))
	if err != nil {
		http.Error(w, "the body could not be read", http.StatusBadRequest)
		return
	}
	request.Body = io.NopCloser(bytes.NewReader(body))
	answer := &recorder{ResponseWriter: w, status: http.StatusOK}
	ctx, starved := watch(request.Context())
	if refusal := r.review(ctx, request.Header); refusal != 0 {
		http.Error(answer, http.StatusText(refusal), refusal)
	} else {
		r.upstream.ServeHTTP(answer, request)
	}
	r.log.write(entry{Event: "request", Request: request.Method + " " + request.URL.Path, Status: answer.status,
		Starved: *starved, Milliseconds: time.Since(begin).Milliseconds()})
}

// review returns the status of a refusal, or 0. A review that could not be made
// is a 401 or a 500, as it was in the incident.
func (r *Reviewer) review(ctx context.Context, header http.Header) int {
	token, bearer := strings.CutPrefix(header.Get("Authorization"), "Bearer ")
	if !bearer {
		return http.StatusUnauthorized
	}
	caller, err := r.tokens.Create(ctx, &authenticationv1.TokenReview{
		Spec: authenticationv1.TokenReviewSpec{Token: token, Audiences: []string{r.audience}}}, metav1.CreateOptions{})
	if err != nil || !caller.Status.Authenticated {
		return http.StatusUnauthorized
	}
	right, err := r.rights.Create(ctx, &authorizationv1.SubjectAccessReview{
		Spec: authorizationv1.SubjectAccessReviewSpec{User: caller.Status.User.Username,
			Groups: caller.Status.User.Groups, ResourceAttributes: &r.right}}, metav1.CreateOptions{})
	switch {
	case err != nil:
		return http.StatusInternalServerError
	case !right.Status.Allowed:
		return http.StatusForbidden
	}
	return 0
}

// recorder remembers the status for the log.
type recorder struct {
	http.ResponseWriter
	status int
}

func (r *recorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

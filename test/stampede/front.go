package stampede

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"os"
	"time"

	authorizationv1 "k8s.io/api/authorization/v1"

	"github.com/jordigilh/kubernaut/test/infrastructure/kube"
	"github.com/jordigilh/kubernaut/test/infrastructure/stack"
	"github.com/jordigilh/kubernaut/test/stampede/reviewer"
)

const drainLimit = 10 * time.Second

// front is a reviewer that serves, in front of one DataStorage.
type front struct {
	url    string
	server *http.Server
	log    *os.File
	ended  chan error
}

func startFront(s *stack.Stack, upstream, logPath string, qps float32, burst int) (_ *front, err error) {
	address, err := url.Parse(upstream)
	if err != nil {
		return nil, err
	}
	log, err := os.Create(logPath)
	if err != nil {
		return nil, err
	}
	handler, err := reviewer.New(reviewer.Options{Config: s.Config(), QPS: qps, Burst: burst,
		Audience: kube.Audience, Right: right(s.Namespace), Upstream: address, Log: log})
	if err != nil {
		return nil, errors.Join(err, log.Close())
	}
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return nil, errors.Join(err, log.Close())
	}
	f := &front{url: "http://" + listener.Addr().String(), log: log, ended: make(chan error, 1),
		server: &http.Server{Handler: handler, ReadHeaderTimeout: drainLimit}}
	go func() { f.ended <- f.server.Serve(listener) }()
	return f, nil
}

func right(namespace string) authorizationv1.ResourceAttributes {
	return authorizationv1.ResourceAttributes{Namespace: namespace, Verb: "create", Resource: "services",
		Name: "data-storage-service"}
}

// stop waits for the requests under way, so that the log is whole.
func (f *front) stop(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainLimit)
	defer cancel()
	err := f.server.Shutdown(ctx)
	if served := <-f.ended; !errors.Is(served, http.ErrServerClosed) {
		err = errors.Join(err, served)
	}
	return errors.Join(err, f.log.Close())
}

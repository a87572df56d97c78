package chaos

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	toxiproxy "github.com/Shopify/toxiproxy/v2"
	. "github.com/onsi/gomega"
	"github.com/rs/zerolog"
	"k8s.io/client-go/rest"

	"github.com/jordigilh/kubernaut/test/infrastructure/files"
	"github.com/jordigilh/kubernaut/test/infrastructure/stack"
)

// way leads from DataStorage to the API server: a TCP proxy for faults of the
// network, then an HTTP layer for answers of an API server in trouble.
type way struct {
	tcp   *toxiproxy.Proxy
	layer *layer
}

func openWay(t *testing.T, s *stack.Stack) *way {
	t.Helper()
	g := NewWithT(t)
	served, address := serveLayer(t, s)
	server := toxiproxy.NewServer(toxiproxy.NewMetricsContainer(nil), zerolog.Nop())
	w := &way{layer: served, tcp: toxiproxy.NewProxy(server, "api-server", "127.0.0.1:0", address)}
	g.Expect(w.tcp.Start()).To(Succeed())
	t.Cleanup(w.tcp.Stop)
	return w
}

// kubeconfig is DataStorage's own, with this way's address. The certificate
// of the layer is the API server's, so that nothing else differs.
func (w *way) kubeconfig(t *testing.T, s *stack.Stack) string {
	t.Helper()
	g := NewWithT(t)
	data, err := os.ReadFile(s.DataStorageKubeconfig())
	g.Expect(err).NotTo(HaveOccurred())
	direct := s.Config().Host
	g.Expect(string(data)).To(ContainSubstring(direct))
	path := filepath.Join(t.TempDir(), "kubeconfig")
	proxied := strings.ReplaceAll(string(data), direct, "https://"+w.tcp.Listen)
	g.Expect(files.Write(path, []byte(proxied))).To(Succeed())
	return path
}

func (w *way) stop(*testing.T) { w.tcp.Stop() }

func (w *way) start(t *testing.T) {
	t.Helper()
	NewWithT(t).Expect(w.tcp.Start()).To(Succeed())
}

// poison returns a fault of the network, in toxiproxy's terms.
func (w *way) poison(kind, attributes string) func(*testing.T) {
	return func(t *testing.T) {
		t.Helper()
		toxic := fmt.Sprintf(`{"name": %q, "type": %q, "stream": "downstream", "attributes": %s}`, kind, kind, attributes)
		_, err := w.tcp.Toxics.AddToxicJson(strings.NewReader(toxic))
		NewWithT(t).Expect(err).NotTo(HaveOccurred())
	}
}

func (w *way) cleanse(t *testing.T) {
	t.Helper()
	w.tcp.Toxics.ResetToxics(context.WithoutCancel(t.Context()))
}

// answer returns a fault of the API server: it answers so, and asks nothing.
func (w *way) answer(status int, retryAfter string) func(*testing.T) {
	return func(*testing.T) { w.layer.fault.Store(&answer{status, retryAfter}) }
}

func (w *way) recover(*testing.T) { w.layer.fault.Store(nil) }

type answer struct {
	status     int
	retryAfter string
}

// layer forwards to the API server unless it has a fault.
type layer struct {
	forward http.Handler
	fault   atomic.Pointer[answer]
}

func (l *layer) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	fault := l.fault.Load()
	if fault == nil {
		l.forward.ServeHTTP(w, request)
		return
	}
	if fault.retryAfter != "" {
		w.Header().Set("Retry-After", fault.retryAfter)
	}
	http.Error(w, http.StatusText(fault.status), fault.status)
}

// serveLayer serves with the API server's certificate; it returns host and port.
func serveLayer(t *testing.T, s *stack.Stack) (*layer, string) {
	t.Helper()
	g := NewWithT(t)
	upstream, err := url.Parse(s.Config().Host)
	g.Expect(err).NotTo(HaveOccurred())
	trust, err := rest.TLSConfigFor(&rest.Config{TLSClientConfig: rest.TLSClientConfig{CAFile: s.Config().CAFile}})
	g.Expect(err).NotTo(HaveOccurred())
	keys := filepath.Dir(s.Config().CAFile)
	pair, err := tls.LoadX509KeyPair(filepath.Join(keys, "server.crt"), filepath.Join(keys, "server.key"))
	g.Expect(err).NotTo(HaveOccurred())
	forward := httputil.NewSingleHostReverseProxy(upstream)
	forward.Transport = &http.Transport{TLSClientConfig: trust}
	// DataStorage hangs up when its time is over; that is no news.
	forward.ErrorHandler = func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusBadGateway) }
	served := &layer{forward: forward}
	server := httptest.NewUnstartedServer(served)
	server.TLS = &tls.Config{Certificates: []tls.Certificate{pair}}
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	return served, server.Listener.Addr().String()
}

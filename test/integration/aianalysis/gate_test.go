package aianalysis

import (
	"io"
	"net"
	"net/url"
	"sync"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// gate is a way to a service that a spec can close, or let answers wait at,
// without harm to anybody else's.
type gate struct {
	target, address string

	mutex    sync.Mutex
	listener net.Listener
	open     map[net.Conn]bool
	held     chan struct{}
	// asked counts the requests that came while answers were held.
	asked chan struct{}
}

// newGate leads to the service of a URL.
func newGate(service string) *gate {
	GinkgoHelper()
	parsed, err := url.Parse(service)
	Expect(err).NotTo(HaveOccurred())
	made := &gate{target: parsed.Host, address: "127.0.0.1:0", open: map[net.Conn]bool{}, asked: make(chan struct{}, 64)}
	made.unlock()
	DeferCleanup(made.lock)
	return made
}

func (g *gate) URL() string { return "http://" + g.address }

// unlock lets connections through.
func (g *gate) unlock() {
	GinkgoHelper()
	listener, err := net.Listen("tcp", g.address)
	Expect(err).NotTo(HaveOccurred())
	g.mutex.Lock()
	defer g.mutex.Unlock()
	g.listener, g.address = listener, listener.Addr().String()
	go g.serve(listener)
}

// lock refuses connections, and cuts those that there are.
func (g *gate) lock() {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	_ = g.listener.Close()
	for one := range g.open {
		_ = one.Close()
	}
	clear(g.open)
}

// hold lets answers wait until release is called.
func (g *gate) hold() (release func()) {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	g.held = make(chan struct{})
	return sync.OnceFunc(func() { close(g.held) })
}

func (g *gate) serve(listener net.Listener) {
	for {
		inner, err := listener.Accept()
		if err != nil {
			return
		}
		outer, err := net.Dial("tcp", g.target)
		if err != nil {
			_ = inner.Close()
			continue
		}
		g.mutex.Lock()
		g.open[inner], g.open[outer] = true, true
		held := g.held
		g.mutex.Unlock()
		go g.pass(outer, inner, nil)
		go g.pass(inner, outer, held)
	}
}

// pass copies one way, and ends both when it cannot go on.
func (g *gate) pass(to, from net.Conn, held chan struct{}) {
	defer func() { _, _ = to.Close(), from.Close() }()
	if held != nil {
		g.asked <- struct{}{}
		<-held
	}
	_, _ = io.Copy(to, from)
}

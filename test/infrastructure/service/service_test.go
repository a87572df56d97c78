package service

import (
	"os"
	"path/filepath"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/jordigilh/kubernaut/test/infrastructure/addr"
)

const module = `import socket
from http.server import BaseHTTPRequestHandler, HTTPServer
class H(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers(); self.wfile.write(b"ok")
s = HTTPServer(("127.0.0.1", 0), H, bind_and_activate=False)
s.socket = socket.socket(fileno=3)
s.serve_forever()
`

func TestServiceServesOnTheInheritedListener(t *testing.T) {
	g := NewWithT(t)
	dir := t.TempDir()
	g.Expect(os.WriteFile(filepath.Join(dir, "tiny.py"), []byte(module), 0o600)).To(Succeed())
	listener, err := addr.Listen(0)
	g.Expect(err).NotTo(HaveOccurred())
	s, err := Launch(Spec{Name: "tiny", Module: "tiny", Python: "/usr/bin/env", Dir: dir, LogDir: dir, Listener: listener})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(listener.Close()).To(Succeed())
	g.Expect(s.WaitReady(t.Context(), "/")).To(MatchError(ContainSubstring("tiny: exited")))
	listener, err = addr.Listen(0)
	g.Expect(err).NotTo(HaveOccurred())
	python, err := filepath.Abs("../../../.venv/bin/python")
	g.Expect(err).NotTo(HaveOccurred())
	s, err = Launch(Spec{Name: "tiny", Module: "tiny", Python: python, Dir: dir, LogDir: dir, Listener: listener})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(listener.Close()).To(Succeed())
	g.Expect(s.WaitReady(t.Context(), "/")).To(Succeed())
	g.Expect(s.Process.Stop(t.Context())).To(Succeed())
}

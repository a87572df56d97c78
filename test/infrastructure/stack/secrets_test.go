package stack

import (
	"os"
	"path/filepath"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/jordigilh/kubernaut/test/infrastructure/postgres"
	"github.com/jordigilh/kubernaut/test/infrastructure/process"
)

const kubeconfig = `apiVersion: v1
kind: Config
users: [{name: service, user: {token: service-token}}, {name: admin, user: {}}]
`

func TestSecretsAreThoseOfTheStackItself(t *testing.T) {
	g := NewWithT(t)
	s := &Stack{Dir: t.TempDir(), Postgres: &postgres.Server{URL: "postgresql://postgres:secret@/postgres?host=data"}}
	g.Expect(os.Mkdir(s.secret(""), 0o700)).To(Succeed())
	for name, text := range map[string]string{"client.token": "client-token\n", "a.kubeconfig": kubeconfig, "other": "nothing"} {
		g.Expect(os.WriteFile(filepath.Join(s.secret(""), name), []byte(text), 0o600)).To(Succeed())
	}

	g.Expect(s.Secrets()).To(ConsistOf("client-token", "service-token"))
	s.Postgres.Process = &process.Process{}
	g.Expect(s.Secrets()).To(ConsistOf("client-token", "service-token", "secret"))
	g.Expect(os.WriteFile(s.secret("b.kubeconfig"), []byte("{"), 0o600)).To(Succeed())
	_, err := s.Secrets()
	g.Expect(err).To(MatchError(ContainSubstring("secrets of the stack")))
}

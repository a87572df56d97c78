package stack

import (
	"os"
	"testing"

	. "github.com/onsi/gomega"
)

const kubeconfig = `apiVersion: v1
kind: Config
users: [{name: service, user: {token: service-token}}, {name: admin, user: {}}]
`

func TestSecretsAreThoseOfTheStackItself(t *testing.T) {
	g := NewWithT(t)
	s := &Stack{Places: newPlaces(t.TempDir())}
	g.Expect(os.Mkdir(s.secretsDir(), 0o700)).To(Succeed())
	for name, text := range map[string]string{"client.token": "client-token\n", "a.kubeconfig": kubeconfig, "other": "nothing"} {
		g.Expect(os.WriteFile(s.secret(name), []byte(text), 0o600)).To(Succeed())
	}

	g.Expect(s.Secrets()).To(ConsistOf("client-token", "service-token"))
	g.Expect(os.WriteFile(s.secret("b.kubeconfig"), []byte("{"), 0o600)).To(Succeed())
	_, err := s.Secrets()
	g.Expect(err).To(MatchError(ContainSubstring("secrets of the stack")))
}

func TestPasswordOfADatabaseIsASecret(t *testing.T) {
	g := NewWithT(t)

	g.Expect(passwordOf("postgresql://postgres:secret@/postgres?host=data")).To(Equal([]string{"secret"}))
	g.Expect(passwordOf("postgresql:///postgres")).To(BeEmpty())
}

package stack_test

import (
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	. "github.com/onsi/gomega"
	"sigs.k8s.io/yaml"

	"github.com/jordigilh/kubernaut/test/infrastructure/kube"
	"github.com/jordigilh/kubernaut/test/infrastructure/stack"
)

// operation is one method of one path of a contract; anybody may call it when
// its security is the empty list.
type operation struct{ method, path string }

var parameter = regexp.MustCompile(`\{[^{}/]+\}`)

// guardsEachOperation asks for every operation of DataStorage's contract, each
// without a token and with one that has no right.
func guardsEachOperation(t *testing.T, s *stack.Stack) {
	g := NewWithT(t)
	powerless := token(t, s, "no-access-sa", kube.Audience)
	guarded := guardedOperations(g, filepath.Join("..", "..", "..", "api", "datastorage.yaml"))
	g.Expect(len(guarded)).To(BeNumerically(">=", 10))

	for _, o := range guarded {
		t.Run(o.method+" "+o.path, func(t *testing.T) {
			g := NewWithT(t)
			for bearer, status := range map[string]int{"": http.StatusUnauthorized, powerless: http.StatusForbidden} {
				request, err := http.NewRequest(o.method, s.DataStorageURL+parameter.ReplaceAllString(o.path, "some-id"), nil)
				g.Expect(err).NotTo(HaveOccurred())
				g.Expect(send(g, request, bearer).StatusCode).To(Equal(status))
			}
		})
	}
}

func guardedOperations(g *WithT, contract string) []operation {
	content, err := os.ReadFile(contract)
	g.Expect(err).NotTo(HaveOccurred())
	var document struct {
		Paths map[string]map[string]any `json:"paths"`
	}
	g.Expect(yaml.Unmarshal(content, &document)).To(Succeed())
	var guarded []operation
	for path, item := range document.Paths {
		for method, described := range item {
			fields, isOperation := described.(map[string]any)
			if !isOperation {
				continue
			}
			security, own := fields["security"].([]any)
			if !own || len(security) > 0 {
				guarded = append(guarded, operation{strings.ToUpper(method), path})
			}
		}
	}
	return guarded
}

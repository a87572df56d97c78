package chaos

import (
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/jordigilh/kubernaut/test/infrastructure/kube"
	"github.com/jordigilh/kubernaut/test/infrastructure/stack"
)

// answered is a reply, with the moments between which it came about.
type answered struct {
	status     int
	header     http.Header
	body       []byte
	begin, end time.Time
}

// world is one DataStorage behind a way that can be broken.
type world struct {
	*way
	stack *stack.Stack
	url   string

	mu     sync.Mutex
	tokens []string
}

// newToken is one that DataStorage has never seen. It comes from the API
// server directly, and its id makes its access review one of its own, too.
func (w *world) newToken(t *testing.T) string {
	t.Helper()
	token, err := w.stack.Kube.Token(t.Context(), w.stack.Namespace, "holmesgpt-api-e2e-sa", kube.Audience)
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	w.mu.Lock()
	defer w.mu.Unlock()
	w.tokens = append(w.tokens, token)
	return token
}

func (w *world) get(path, token string) (answered, error) {
	return w.call(http.MethodGet, path, token, "")
}

func (w *world) call(method, path, token, body string) (answered, error) {
	request, err := http.NewRequest(method, w.url+path, strings.NewReader(body))
	if err != nil {
		return answered{}, err
	}
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Content-Type", "application/json")
	a := answered{begin: time.Now()}
	response, err := callers.Do(request)
	if err != nil {
		return a, err
	}
	defer func() { _ = response.Body.Close() }()
	a.status, a.header = response.StatusCode, response.Header
	a.body, err = io.ReadAll(response.Body)
	a.end = time.Now()
	return a, err
}

var callers = &http.Client{Timeout: time.Minute}

// all reads the pages of a list through to its end.
func (w *world) all(t *testing.T, path, token, member string) []map[string]any {
	t.Helper()
	g := NewWithT(t)
	var found []map[string]any
	for {
		a, err := w.get(path+"&offset="+strconv.Itoa(len(found)), token)
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(a.status).To(Equal(http.StatusOK), string(a.body))
		var page map[string]json.RawMessage
		g.Expect(json.Unmarshal(a.body, &page)).To(Succeed())
		var items []map[string]any
		g.Expect(json.Unmarshal(page[member], &items)).To(Succeed())
		if len(items) == 0 {
			return found
		}
		found = append(found, items...)
	}
}

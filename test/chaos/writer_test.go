package chaos

import (
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/jordigilh/kubernaut/test/infrastructure/seed"
	"github.com/jordigilh/kubernaut/test/workflows"
)

const (
	writeInterval = 25 * time.Millisecond
	secretBody    = "text-that-no-log-may-have-9b1d77c04ea3f568"
)

// writer writes workflows and audit events with one token, all with names of
// their own, and remembers what it was told about each.
type writer struct {
	world *world
	name  string
	token string

	template map[string]any
	// stop may be called twice; it returns when the write under way has been answered.
	stop func() error

	mu   sync.Mutex
	told map[string]int
}

func startWriter(t *testing.T, w *world, name, token string) *writer {
	t.Helper()
	g := NewWithT(t)
	all, err := workflows.All()
	g.Expect(err).NotTo(HaveOccurred())
	bodies, err := seed.Bodies(all[:1])
	g.Expect(err).NotTo(HaveOccurred())
	wr := &writer{world: w, name: name, token: token, told: map[string]int{}}
	g.Expect(json.Unmarshal(bodies[0], &wr.template)).To(Succeed())
	wr.template["description"] = secretBody
	halt, ended := make(chan struct{}), make(chan error, 1)
	go func() { ended <- wr.write(halt) }()
	wr.stop = sync.OnceValue(func() error {
		close(halt)
		return <-ended
	})
	return wr
}

func (wr *writer) write(halt <-chan struct{}) error {
	ticker := time.NewTicker(writeInterval)
	defer ticker.Stop()
	for number := 0; ; number++ {
		select {
		case <-halt:
			return nil
		case <-ticker.C:
		}
		name := fmt.Sprintf("%s-%d", wr.name, number)
		path, body := "/api/v1/workflows", wr.workflow(name)
		if number%2 == 1 {
			path, body = "/api/v1/audit/events", wr.event(name)
		}
		text, err := json.Marshal(body)
		if err != nil {
			return err
		}
		a, err := wr.world.call(http.MethodPost, path, wr.token, string(text))
		if err != nil {
			return fmt.Errorf("%s was not answered: %w", name, err)
		}
		wr.tell(name, a.status)
	}
}

func (wr *writer) tell(name string, status int) {
	wr.mu.Lock()
	defer wr.mu.Unlock()
	wr.told[name] = status
}

func (wr *writer) workflow(name string) map[string]any {
	body := map[string]any{}
	for field, value := range wr.template {
		body[field] = value
	}
	body["workflow_name"] = name
	return body
}

func (wr *writer) event(name string) map[string]any {
	return map[string]any{"version": "1.0", "event_type": "aianalysis.error.occurred", "event_timestamp": time.Now().UTC().Format(time.RFC3339Nano),
		"event_category": "aiagent", "event_action": name, "event_outcome": "success", "correlation_id": wr.name,
		"event_data": map[string]any{"event_type": "aianalysis.error.occurred", "phase": "Analyzing", "error_message": secretBody}}
}

// count returns how many writes were told this.
func (wr *writer) count(status int) int {
	wr.mu.Lock()
	defer wr.mu.Unlock()
	count := 0
	for _, told := range wr.told {
		if told == status {
			count++
		}
	}
	return count
}

// verify compares what was told with what is stored: all that was
// acknowledged, and nothing that was refused.
func (wr *writer) verify(t *testing.T, token string) {
	t.Helper()
	g := NewWithT(t)
	stored := map[string]bool{}
	for _, workflow := range wr.world.all(t, "/api/v1/workflows?limit=100", token, "workflows") {
		stored[workflow["workflow_name"].(string)] = true
	}
	for _, event := range wr.world.all(t, "/api/v1/audit/events?limit=1000&correlation_id="+wr.name, token, "data") {
		stored[event["event_action"].(string)] = true
	}
	for name, status := range wr.told {
		g.Expect(status).To(BeElementOf(http.StatusCreated, http.StatusServiceUnavailable), name)
		g.Expect(stored[name]).To(Equal(status == http.StatusCreated), "%s was told %d", name, status)
	}
}

package console

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

// begin is the epoch second at which the logs of these tests begin.
const begin = 1000

// journal is a log that grows.
type journal struct {
	t    *testing.T
	path string
}

func newJournal(t *testing.T) *journal {
	return &journal{t: t, path: filepath.Join(t.TempDir(), "events.jsonl")}
}

func (j *journal) add(lines ...string) {
	j.t.Helper()
	file, err := os.OpenFile(j.path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	NewWithT(j.t).Expect(err).NotTo(HaveOccurred())
	_, err = file.WriteString(strings.Join(lines, "\n") + "\n")
	NewWithT(j.t).Expect(err).NotTo(HaveOccurred())
	NewWithT(j.t).Expect(file.Close()).To(Succeed())
}

const (
	runStart  = `{"event":"run_start","time":1000,"schema_version":1,"run_id":"r"}`
	etcdStart = `{"event":"span_start","time":1000,"span":"1","lane":"infrastructure","name":"etcd"}`
	etcdEnd   = `{"event":"span_finish","time":1003,"span":"1","outcome":"passed"}`
	collected = `{"event":"collected","time":1004,"nodeids":["a.py::one","a.py::two","a.py::three"]}`
	oneStart  = `{"event":"test_start","time":1005,"nodeid":"a.py::one","worker":"gw0"}`
	twoStart  = `{"event":"test_start","time":1005,"nodeid":"a.py::two","worker":"gw1"}`
	onePhase  = `{"event":"phase","time":1006,"nodeid":"a.py::one","when":"call","outcome":"failed","start":1005,"stop":1006,"duration":1,"path":"/p/a.py","line":7}`
	oneEnd    = `{"event":"test_finish","time":1006,"nodeid":"a.py::one","outcome":"failed","worker":"gw0","reason":">  assert 0\nE   assert 0"}`
	twoEnd    = `{"event":"test_finish","time":1007,"nodeid":"a.py::two","outcome":"skipped","worker":"gw1"}`
	runEnd    = `{"event":"run_finish","time":1009,"outcome":"failed"}`
)

// plain is a console without a terminal whose clock stands.
func plain(t *testing.T, journal *journal) (*Console, *strings.Builder, *float64) {
	t.Helper()
	var out strings.Builder
	clock := float64(begin)
	c := New(Options{Events: journal.path, Out: &out})
	c.now = func() time.Time { return time.UnixMilli(int64(clock * 1000)) }
	c.beat = c.now()
	return c, &out, &clock
}

func TestWithoutATerminalEveryLineIsPlain(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	log := newJournal(t)
	c, out, clock := plain(t, log)
	tick := func(at float64) {
		*clock = at
		g.Expect(c.Tick()).To(Succeed())
	}
	tick(begin)
	log.add(runStart, etcdStart)
	tick(begin + 1)
	g.Expect(out.String()).To(BeEmpty())
	tick(begin + 10)
	g.Expect(out.String()).To(Equal("[ 10 s] under way: etcd\n"))
	out.Reset()

	log.add(etcdEnd, collected, oneStart, twoStart)
	g.Expect(c.Print([]byte("✅ Created: 11\nhalf a "))).To(Succeed())
	tick(begin + 12)
	g.Expect(out.String()).To(Equal("✅ Created: 11\n"))
	out.Reset()

	log.add(onePhase, oneEnd)
	tick(begin + 13)
	g.Expect(out.String()).To(Equal("FAILED a.py::one on gw0 at a.py:7: assert 0\n"))
	out.Reset()

	tick(begin + 20)
	g.Expect(out.String()).To(Equal("[ 20 s] 1/3 done, 1 failed; running: gw1 a.py::two (15 s)\n"))
	out.Reset()

	log.add(twoEnd, runEnd)
	g.Expect(c.Print([]byte("line"))).To(Succeed())
	tick(begin + 40)
	g.Expect(c.Close()).To(Succeed())
	g.Expect(out.String()).To(Equal("half a line"))
}

func TestOnATerminalTheStatusIsBelowAndGoesAtTheEnd(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	log := newJournal(t)
	view := &terminal{columns: 60}
	c := New(Options{Events: log.path, Out: view, Width: view.width, Colour: true})
	c.now = func() time.Time { return time.Unix(begin+8, 0) }
	log.add(runStart, collected, oneStart, twoStart)
	g.Expect(c.Tick()).To(Succeed())
	g.Expect(view.sees()).To(Equal("[  8 s] 0/3 done\n  gw0 a.py::one (3 s)\n  gw1 a.py::two (3 s)"))
	g.Expect(c.Print([]byte("Ran 18 of 18 Specs\n"))).To(Succeed())
	log.add(onePhase, oneEnd)
	g.Expect(c.Tick()).To(Succeed())
	g.Expect(view.sees()).To(Equal("Ran 18 of 18 Specs\nFAILED a.py::one on gw0 at a.py:7: assert 0\n" +
		"[  8 s] 1/3 done, 1 failed\n  gw1 a.py::two (3 s)"))
	g.Expect(view.sent.String()).To(ContainSubstring("\x1b[31mFAILED"))
	log.add(twoEnd)
	g.Expect(c.Close()).To(Succeed())
	g.Expect(view.sees()).To(Equal("Ran 18 of 18 Specs\nFAILED a.py::one on gw0 at a.py:7: assert 0"))
}

func TestWhatElseFailsIsShownAtOnce(t *testing.T) {
	t.Parallel()
	for event, want := range map[string]string{
		`{"event":"span_finish","time":1003,"span":"1","outcome":"failed","message":"no port\nmore"}`:   "FAILED step: no port\n",
		`{"event":"worker_down","time":1003,"worker":"gw0","error":"crashed"}`:                          "worker gw0 died: crashed\n",
		`{"event":"collect_error","time":1003,"nodeid":"a.py","longrepr":"x\nE   ImportError: y\nz"}`:   "FAILED a.py: ImportError: y\n",
		`{"event":"test_finish","time":1003,"nodeid":"a.py::b","outcome":"error","reason":"last\none"}`: "FAILED a.py::b: one\n",
	} {
		log := newJournal(t)
		c, out, _ := plain(t, log)
		log.add(runStart, event)
		NewWithT(t).Expect(c.Tick()).To(Succeed())
		NewWithT(t).Expect(out.String()).To(Equal(want))
	}
}

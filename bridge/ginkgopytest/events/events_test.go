package events_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
)

func open(t *testing.T, path string) *events.Writer {
	t.Helper()
	writer, err := events.Open(path)
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	t.Cleanup(func() { _ = writer.Close() })
	return writer
}

func logOf(t *testing.T, lines ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "events.jsonl")
	NewWithT(t).Expect(os.WriteFile(path, []byte(strings.Join(lines, "\n")+"\n"), 0o600)).To(Succeed())
	return path
}

func TestLinesOfSeveralWritersNeverMix(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	path := filepath.Join(t.TempDir(), "events.jsonl")
	var running sync.WaitGroup
	for i := range 8 {
		writer := open(t, path)
		running.Go(func() {
			for j := range 50 {
				event := events.Event{Event: events.TestStart, NodeID: fmt.Sprintf("%d-%d", i, j), Reason: strings.Repeat("x", 20_000)}
				if err := writer.Append(event); err != nil {
					t.Error(err)
				}
			}
		})
	}
	running.Wait()
	run, err := events.Read(path)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(run.Tests).To(HaveLen(400))
}

func appended(t *testing.T, follower *events.Follower) []events.Event {
	t.Helper()
	var found []events.Event
	NewWithT(t).Expect(follower.Each(func(event events.Event) { found = append(found, event) })).To(Succeed())
	return found
}

func TestFollowWaitsForTheEndOfALine(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	path := filepath.Join(t.TempDir(), "events.jsonl")
	follower := events.Follow(path)
	g.Expect(appended(t, follower)).To(BeEmpty())
	g.Expect(os.WriteFile(path, []byte("{\"event\":\"run_start\",\"time\":1}\n{\"event\":\"run_"), 0o600)).To(Succeed())
	g.Expect(appended(t, follower)).To(HaveLen(1))
	g.Expect(appended(t, follower)).To(BeEmpty())
	file, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	g.Expect(err).NotTo(HaveOccurred())
	_, err = file.WriteString("finish\",\"time\":2}\n")
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(file.Close()).To(Succeed())
	g.Expect(appended(t, follower)).To(ConsistOf(events.Event{Event: events.RunFinish, Time: 2}))
}

func TestReadMakesTheModelOfARun(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	run, err := events.Read(logOf(t,
		`{"event":"run_start","time":10,"schema_version":1,"run_id":"r1","suite":"s"}`,
		`{"event":"span_start","time":10,"span":"1","lane":"infrastructure","name":"etcd"}`,
		`{"event":"span_finish","time":12,"span":"1","outcome":"passed"}`,
		`{"event":"session_start","time":13,"schema_version":1,"workers":2,"pid":7}`,
		`{"event":"worker_up","time":13.5,"worker":"gw0","pid":8}`,
		`not an event`,
		`{"event":"of_a_later_version","time":13.6}`,
		`{"event":"test_start","time":14,"nodeid":"a","worker":"gw0","pid":8,"path":"a.py","line":3}`,
		`{"event":"phase","time":14.4,"nodeid":"a","when":"setup","outcome":"passed","start":14,"stop":14.2,"duration":0.2}`,
		`{"event":"phase","time":14.6,"nodeid":"a","when":"call","outcome":"failed","start":14.2,"stop":14.5,"duration":0.3,"path":"b.py","line":9}`,
		`{"event":"test_finish","time":14.6,"nodeid":"a","outcome":"failed","worker":"gw0","reason":"no","attempts":1}`,
		`{"event":"spec_start","time":14,"spec":"a spec","nodeid":"a","process":1}`,
		`{"event":"spec_finish","time":14.7,"spec":"a spec","nodeid":"a","process":1,"state":"failed"}`,
		`{"event":"test_start","time":14.6,"nodeid":"b","worker":"gw0"}`,
		`{"event":"worker_down","time":15,"worker":"gw0","error":"killed"}`,
	))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect([]float64{run.Begin, run.End}).To(Equal([]float64{10, 15}))
	g.Expect(run.Spans).To(HaveExactElements(HaveValue(Equal(events.Span{
		ID: "1", Lane: "infrastructure", Name: "etcd", Outcome: "passed", Start: 10, Finish: 12,
	}))))
	g.Expect(run.Session.Finished()).To(BeFalse())
	g.Expect(run.Workers).To(HaveExactElements(HaveValue(Equal(events.Worker{
		Name: "gw0", PID: 8, Up: 13.5, Down: 15, Error: "killed",
	}))))
	g.Expect(run.Specs).To(HaveLen(1))
	g.Expect(run.Specs[0].Finish).To(Equal(14.7))

	failed := run.Test("a")
	g.Expect(failed.Seconds()).To(BeNumerically("~", 0.5, 1e-9))
	g.Expect([]float64{failed.Start(), failed.Stop()}).To(Equal([]float64{14, 14.5}))
	g.Expect(failed.Failure()).To(Equal(events.Place{Path: "b.py", Line: 9}))
	g.Expect(failed.Definition).To(Equal(events.Place{Path: "a.py", Line: 3}))
	g.Expect(failed.Message).To(Equal("no"))
	unfinished := run.Test("b")
	g.Expect(unfinished.Finished).To(BeZero())
	g.Expect(unfinished.Start()).To(Equal(14.6))
}

func TestReadRefusesAnotherSchema(t *testing.T) {
	t.Parallel()
	path := logOf(t, `{"event":"run_start","time":1,"schema_version":2}`)
	_, err := events.Read(path)
	NewWithT(t).Expect(err).To(MatchError(And(ContainSubstring(path), ContainSubstring("schema_version is 2"))))
}

func TestTimesKeepMicroseconds(t *testing.T) {
	t.Parallel()
	moment := time.UnixMicro(1_764_000_000_123_456)
	NewWithT(t).Expect(events.Time(events.Seconds(moment))).To(BeTemporally("~", moment, time.Microsecond))
}

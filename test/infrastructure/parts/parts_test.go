package parts_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/jordigilh/kubernaut/test/infrastructure/parts"
)

// history is what happened to a group of fakes, in order.
type history struct {
	mu    sync.Mutex
	lines []string
}

func (h *history) add(line string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.lines = append(h.lines, line)
}

func (h *history) all() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.lines)
}

func (h *history) position(g *WithT, line string) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	g.Expect(h.lines).To(ContainElement(line))
	return slices.Index(h.lines, line)
}

func (h *history) watch(name string) func(error) {
	h.add("begin " + name)
	return func(err error) {
		if err != nil {
			h.add("failed " + name)
		}
	}
}

// fake is a part that fails when it is told to.
type fake struct {
	*history
	name                        string
	startErr, readyErr, stopErr error
	// hold keeps it from being ready until it is closed.
	hold chan struct{}
}

func (f *fake) Name() string { return f.name }

func (f *fake) Start(context.Context) error {
	f.add("start " + f.name)
	return f.startErr
}

func (f *fake) Ready(ctx context.Context) error {
	if f.hold != nil {
		select {
		case <-f.hold:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	f.add("ready " + f.name)
	return f.readyErr
}

func (f *fake) Stop(context.Context) error {
	f.add("stop " + f.name)
	return f.stopErr
}

func newGroup(g *WithT, h *history, nodes []parts.Node, inputs ...string) *parts.Group {
	group, err := parts.NewGroup(h.watch, nodes, inputs...)
	g.Expect(err).NotTo(HaveOccurred())
	return group
}

func TestPartStartsWhenWhatItNeedsIsReadyAndEndsBeforeIt(t *testing.T) {
	g, h := NewWithT(t), &history{}
	database := &fake{history: h, name: "database", hold: make(chan struct{})}
	group := newGroup(g, h, []parts.Node{
		{Part: &fake{history: h, name: "service"}, Needs: []string{"database"}},
		{Part: &fake{history: h, name: "caller"}, Calls: []string{"service"}},
		{Part: database},
	})

	group.Start(t.Context())
	g.Expect(group.Wait(t.Context(), "caller")).To(Succeed(), "it does not wait for what it calls")
	close(database.hold)
	g.Expect(group.Wait(t.Context(), group.Names()...)).To(Succeed())
	g.Expect(group.Stop(t.Context())).To(Succeed())

	g.Expect(h.position(g, "start service")).To(BeNumerically(">", h.position(g, "ready database")))
	g.Expect(h.position(g, "stop service")).To(BeNumerically(">", h.position(g, "stop caller")))
	g.Expect(h.position(g, "stop database")).To(BeNumerically(">", h.position(g, "stop service")))
}

func TestInputIsWaitedForByThoseThatNeedIt(t *testing.T) {
	g, h := NewWithT(t), &history{}
	group := newGroup(g, h, []parts.Node{
		{Part: &fake{history: h, name: "mock"}, Needs: []string{"file"}},
		{Part: &fake{history: h, name: "caller"}, Calls: []string{"mock"}},
		{Part: &fake{history: h, name: "database"}},
	}, "file")

	g.Expect(group.Independent("file")).To(Equal([]string{"database"}))
	group.Start(t.Context())
	g.Expect(group.Wait(t.Context(), "database", "caller")).To(Succeed())
	g.Expect(h.lines).NotTo(ContainElement("start mock"))
	group.Provide("file")
	g.Expect(group.Wait(t.Context(), "mock")).To(Succeed())
	g.Expect(group.Stop(t.Context())).To(Succeed())
}

func TestFailureEndsTheWaitAndWhatIsUpIsStopped(t *testing.T) {
	g, h := NewWithT(t), &history{}
	stays := errors.New("it would not end")
	group := newGroup(g, h, []parts.Node{
		{Part: &fake{history: h, name: "up", stopErr: stays}},
		{Part: &fake{history: h, name: "starting", hold: make(chan struct{})}},
		{Part: &fake{history: h, name: "broken", startErr: errors.New("no such file")}, Needs: []string{"up"}},
		{Part: &fake{history: h, name: "behind"}, Needs: []string{"broken"}},
	})

	group.Start(t.Context())
	err := group.Wait(t.Context(), "behind")
	stopped := group.Stop(t.Context())

	g.Expect(err).To(MatchError("start broken: no such file"))
	g.Expect(stopped).To(MatchError(stays))
	g.Expect(h.lines).To(ContainElements("stop up", "stop starting", "failed broken"))
	g.Expect(h.lines).NotTo(ContainElements("stop broken"))
	g.Expect(h.lines).NotTo(ContainElement("start behind"))
}

func TestEveryErrorOfAFailureAndOfAStopIsReturned(t *testing.T) {
	g, h := NewWithT(t), &history{}
	one, other := errors.New("one"), errors.New("other")
	hold := make(chan struct{})
	group := newGroup(g, h, []parts.Node{
		{Part: &stubborn{fake{history: h, name: "a", readyErr: one, stopErr: one, hold: hold}}},
		{Part: &stubborn{fake{history: h, name: "b", readyErr: other, stopErr: other, hold: hold}}},
	})

	group.Start(t.Context())
	close(hold)
	err := group.Wait(t.Context(), "a", "b")
	stopped := group.Stop(t.Context())

	g.Expect(err).To(And(MatchError(one), MatchError(other)))
	g.Expect(stopped).To(And(MatchError(one), MatchError(other)))
}

func TestFailureThatCameFirstIsToldFirst(t *testing.T) {
	g, h := NewWithT(t), &history{}
	hold := make(chan struct{})
	group := newGroup(g, h, []parts.Node{
		{Part: &stubborn{fake{history: h, name: "late", readyErr: errors.New("killed"), hold: hold}}},
		{Part: &fake{history: h, name: "early", startErr: errors.New("no such file")}},
	})

	group.Start(t.Context())
	g.Eventually(h.all, time.Minute).Should(ContainElement("failed early"))
	close(hold)

	g.Expect(group.Wait(t.Context(), "late")).To(MatchError("start early: no such file\nkilled"))
	g.Expect(group.Stop(t.Context())).To(Succeed())
}

// stubborn is not interrupted.
type stubborn struct{ fake }

func (s *stubborn) Ready(context.Context) error {
	<-s.hold
	return s.readyErr
}

func TestPartsOutliveTheContextThatStartedThem(t *testing.T) {
	g, h := NewWithT(t), &history{}
	slow := &fake{history: h, name: "slow", hold: make(chan struct{})}
	group := newGroup(g, h, []parts.Node{{Part: slow}})
	ctx, cancel := context.WithCancel(t.Context())

	group.Start(ctx)
	cancel()
	g.Expect(group.Wait(ctx, "slow")).To(MatchError(context.Canceled))
	close(slow.hold)

	g.Expect(group.Wait(t.Context(), "slow")).To(Succeed())
	g.Expect(group.Stop(t.Context())).To(Succeed())
}

func TestAdoptedPartIsNotStartedAgain(t *testing.T) {
	g, h := NewWithT(t), &history{}
	group := newGroup(g, h, []parts.Node{{Part: &fake{history: h, name: "kept"}}})

	group.Adopt("kept")
	group.Start(t.Context())
	g.Expect(group.Wait(t.Context(), "kept")).To(Succeed())
	g.Expect(group.Stop(t.Context())).To(Succeed())

	g.Expect(h.lines).To(Equal([]string{"begin kept", "ready kept", "stop kept"}))
}

func TestPartIsStoppedOnce(t *testing.T) {
	g, h := NewWithT(t), &history{}
	group := newGroup(g, h, []parts.Node{{Part: &fake{history: h, name: "part"}}})
	group.Start(t.Context())
	g.Expect(group.Wait(t.Context(), "part")).To(Succeed())

	g.Expect(group.Stop(t.Context())).To(Succeed())
	g.Expect(group.Stop(t.Context())).To(Succeed())

	g.Expect(h.lines).To(Equal([]string{"begin part", "start part", "ready part", "stop part"}))
}

func TestGroupThatCannotStartIsRefused(t *testing.T) {
	node := func(name string, needs, calls []string) parts.Node {
		return parts.Node{Part: &fake{name: name}, Needs: needs, Calls: calls}
	}
	for name, c := range map[string]struct {
		nodes []parts.Node
		says  string
	}{
		"unknown need": {[]parts.Node{node("a", []string{"b"}, nil)}, "a needs b"},
		"unknown call": {[]parts.Node{node("a", nil, []string{"b"})}, "a needs b"},
		"twice":        {[]parts.Node{node("a", nil, nil), node("a", nil, nil)}, "two parts are called a"},
		"circle": {[]parts.Node{node("a", []string{"b"}, nil), node("b", nil, []string{"a"}), node("c", nil, nil)},
			"a depends on itself"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := parts.NewGroup(nil, c.nodes)

			NewWithT(t).Expect(err).To(MatchError(ContainSubstring(c.says)))
		})
	}
}

func TestPartsWithoutTiesStartSideBySide(t *testing.T) {
	g, h := NewWithT(t), &history{}
	hold := make(chan struct{})
	group := newGroup(g, h, []parts.Node{
		{Part: &fake{history: h, name: "a", hold: hold}}, {Part: &fake{history: h, name: "b", hold: hold}},
	})

	group.Start(t.Context())

	g.Eventually(h.all, time.Minute).Should(ContainElements("start a", "start b"))
	close(hold)
	g.Expect(group.Wait(t.Context(), "a", "b")).To(Succeed())
	g.Expect(group.Stop(t.Context())).To(Succeed())
}

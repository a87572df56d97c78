package stampede

import (
	"context"
	"errors"
	"net"
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

const generous = 10 * time.Second

func openBarrier(t *testing.T) *barrier {
	t.Helper()
	b, err := newBarrier()
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	t.Cleanup(b.close)
	return b
}

func come(t *testing.T, b *barrier) net.Conn {
	t.Helper()
	worker, err := net.Dial("tcp4", b.address())
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	return worker
}

func TestWorkersGoTogetherAndAreAwaited(t *testing.T) {
	g, b := NewWithT(t), openBarrier(t)
	workers := []net.Conn{come(t, b), come(t, b)}
	g.Expect(b.gather(t.Context(), len(workers))).To(Succeed())
	type result struct {
		took time.Duration
		err  error
	}
	ended := make(chan result, 1)
	go func() {
		took, err := b.run(t.Context())
		ended <- result{took, err}
	}()

	for _, worker := range workers {
		g.Expect(worker.SetDeadline(time.Now().Add(generous))).To(Succeed())
		g.Expect(worker.Read(make([]byte, 1))).To(Equal(1))
	}
	g.Expect(workers[0].Close()).To(Succeed())
	g.Expect(ended).NotTo(Receive())
	g.Expect(workers[1].Close()).To(Succeed())

	var got result
	g.Eventually(ended, generous).Should(Receive(&got))
	g.Expect(got.err).NotTo(HaveOccurred())
	g.Expect(got.took).To(BeNumerically(">", 0))
}

func TestReasonForMissingWorkersIsTold(t *testing.T) {
	g, b := NewWithT(t), openBarrier(t)
	come(t, b)
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errors.New("pytest ended"))

	err := b.gather(ctx, 3)

	g.Expect(err).To(MatchError(And(ContainSubstring("of 3 workers came"), ContainSubstring("pytest ended"))))
}

func TestLoadThatDoesNotEndIsCutOff(t *testing.T) {
	g, b := NewWithT(t), openBarrier(t)
	worker := come(t, b)
	defer func() { _ = worker.Close() }()
	g.Expect(b.gather(t.Context(), 1)).To(Succeed())
	ctx, cancel := context.WithTimeoutCause(t.Context(), 50*time.Millisecond, errors.New("the load took too long"))
	defer cancel()

	_, err := b.run(ctx)

	g.Expect(err).To(MatchError(ContainSubstring("the load took too long")))
}

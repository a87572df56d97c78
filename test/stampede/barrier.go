package stampede

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"time"
)

// barrier holds the workers until all have come, lets them go at one moment,
// and sees each of them leave. A worker's connection is its presence.
type barrier struct {
	listener net.Listener
	workers  []net.Conn
}

func newBarrier() (*barrier, error) {
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("open the barrier: %w", err)
	}
	return &barrier{listener: listener}, nil
}

func (b *barrier) address() string { return b.listener.Addr().String() }

// gather returns when so many workers have come.
func (b *barrier) gather(ctx context.Context, count int) error {
	stop := context.AfterFunc(ctx, func() { _ = b.listener.Close() })
	defer stop()
	for len(b.workers) < count {
		worker, err := b.listener.Accept()
		if err != nil {
			return fmt.Errorf("%d of %d workers came: %w", len(b.workers), count, errors.Join(context.Cause(ctx), err))
		}
		b.workers = append(b.workers, worker)
	}
	return nil
}

// run lets the workers go and returns how long the last of them took.
func (b *barrier) run(ctx context.Context) (time.Duration, error) {
	stop := context.AfterFunc(ctx, b.close)
	defer stop()
	begin := time.Now()
	for _, worker := range b.workers {
		if _, err := worker.Write([]byte{1}); err != nil {
			return 0, fmt.Errorf("let a worker go: %w", err)
		}
	}
	for _, worker := range b.workers {
		// Workers send nothing: what is read is the end of the stream.
		if _, err := worker.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
			return 0, fmt.Errorf("wait for a worker to finish: %w", errors.Join(context.Cause(ctx), err))
		}
	}
	return time.Since(begin), nil
}

func (b *barrier) close() {
	_ = b.listener.Close()
	for _, worker := range b.workers {
		_ = worker.Close()
	}
}

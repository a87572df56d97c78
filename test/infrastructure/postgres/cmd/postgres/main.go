// Command postgres starts a PostgreSQL for tests that are not written in Go,
// prints its URL in one line, and ends it when standard input closes or a
// signal comes.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/jordigilh/kubernaut/test/infrastructure/postgres"
	"github.com/jordigilh/kubernaut/test/infrastructure/runs"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	python := flag.String("python", ".venv/bin/python", "interpreter of the environment that has the binaries")
	flag.Parse()
	if err := run(ctx, *python, os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "postgres:", err)
		os.Exit(1)
	}
}

// run is the life of one server, which is swept like any run when it is killed.
func run(ctx context.Context, python string, input io.Reader, output io.Writer) (err error) {
	if _, err := runs.Sweep(); err != nil {
		return fmt.Errorf("sweep dead runs: %w", err)
	}
	this, err := runs.New()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, this.Release()) }()
	dir := runs.Dir(this.ID)
	// PostgreSQL's own user passes through.
	if err := errors.Join(os.Mkdir(dir, 0o711), os.Chmod(dir, 0o711)); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	server, err := postgres.Start(ctx, postgres.Options{Python: python, Dir: dir, LogDir: dir, Env: runs.Mark(this.ID)})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Discard(context.WithoutCancel(ctx))) }()
	if _, err := fmt.Fprintln(output, server.URL); err != nil {
		return err
	}
	return wait(ctx, server, input)
}

// wait ends with the reader, with a signal, or with the death of the server.
func wait(ctx context.Context, server *postgres.Server, input io.Reader) error {
	closed := make(chan error, 1)
	go func() {
		_, err := io.Copy(io.Discard, input)
		closed <- err
	}()
	select {
	case err := <-closed:
		return err
	case <-ctx.Done():
		return nil
	case <-server.Process.Exited():
		return errors.New("PostgreSQL " + server.Process.Ended().Error())
	}
}

// Command datastorage measures DataStorage on the embedded stack, with a
// PostgreSQL that waits for the disk, and prints the figures beside those of
// the reference implementation.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/jordigilh/kubernaut/test/infrastructure/parts"
	"github.com/jordigilh/kubernaut/test/infrastructure/runs"
	"github.com/jordigilh/kubernaut/test/infrastructure/stack"
)

func main() {
	rounds := flag.Int("rounds", 5, "measurements of each figure; the median counts")
	largest := flag.Int("rows", 100_000, "workflows of the largest catalogue")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *rounds, *largest); err != nil {
		fmt.Fprintln(os.Stderr, "bench-datastorage:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, rounds, largest int) (err error) {
	s, release, err := up(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, release()) }()
	alone, err := disk(s.Dir)
	if err != nil {
		return err
	}
	figures := []figure{alone}
	for _, measure := range []func(context.Context, *stack.Stack, int, int) ([]figure, error){writing, reading} {
		measured, err := measure(ctx, s, rounds, largest)
		if err != nil {
			return err
		}
		figures = append(figures, measured...)
	}
	return print(os.Stdout, figures)
}

// up starts the control plane; each measurement starts a DataStorage of its own.
func up(ctx context.Context) (*stack.Stack, func() error, error) {
	if _, err := runs.Sweep(); err != nil {
		return nil, nil, err
	}
	this, err := runs.New()
	if err != nil {
		return nil, nil, err
	}
	root, err := os.Getwd()
	if err != nil {
		return nil, nil, errors.Join(err, this.Release())
	}
	reports := filepath.Join(root, "reports", "bench-datastorage", this.ID)
	s, err := stack.Up(ctx, stack.Options{RunID: this.ID, ReportDir: reports, RepoRoot: root, Durable: true,
		Python:   filepath.Join(root, ".venv", "bin", "python"),
		Without:  []string{parts.DataStorage, parts.HAPI, parts.MockLLM},
		Progress: os.Stderr})
	if err != nil {
		return nil, nil, errors.Join(err, this.Release())
	}
	return s, func() error {
		return errors.Join(s.Down(context.WithoutCancel(ctx)), this.Release())
	}, nil
}

// instance runs work on a DataStorage with an empty database.
func instance(ctx context.Context, s *stack.Stack, name string, work func(*api) error) (err error) {
	i, err := s.StartInstance(ctx, name, "LOG_LEVEL=info")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, i.Stop(context.WithoutCancel(ctx))) }()
	a, err := newAPI(i.URL, s.ClientTokenFile)
	if err != nil {
		return err
	}
	return work(a)
}

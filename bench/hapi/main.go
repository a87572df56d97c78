// Command hapi measures HAPI on the embedded stack with the Mock LLM: ten
// callers, far more callers than it takes, and memory over many investigations.
// It fails when an answered investigation is missing in the audit trail.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
)

type options struct {
	rounds, callers, crowd, memory int
	window, outage                 time.Duration
	load                           bool
}

func main() {
	var o options
	flag.IntVar(&o.rounds, "rounds", 5, "measurements of each figure; the median counts")
	flag.IntVar(&o.callers, "callers", 10, "callers of the throughput")
	flag.IntVar(&o.crowd, "crowd", 200, "callers at once of the overload")
	flag.IntVar(&o.memory, "memory", 10_000, "investigations between two looks at the memory; 0 leaves it out")
	flag.DurationVar(&o.window, "window", 10*time.Second, "length of a measurement")
	flag.BoolVar(&o.load, "load", false, "count what becomes of each request beyond the limit and while DataStorage is away")
	flag.DurationVar(&o.outage, "outage", 10*time.Minute, "with -load: how long DataStorage is away; 0 leaves it out")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "bench-hapi:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) (err error) {
	s, err := up(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.down()) }()
	h := newHAPI(s)
	if o.load {
		return h.overload(ctx, o, os.Stdout)
	}
	if _, err := h.load(ctx, o.callers, time.Second); err != nil {
		return fmt.Errorf("warm up: %w", err)
	}
	rounds, processor, err := h.throughput(ctx, o)
	if err != nil {
		return err
	}
	crowd, err := h.load(ctx, o.crowd, o.window)
	if err != nil {
		return err
	}
	memory, err := h.growth(ctx, o.callers, o.memory)
	if err != nil {
		return err
	}
	missing, err := h.missing(ctx)
	if err != nil {
		return err
	}
	if err := report(os.Stdout, o, rounds, processor, crowd, memory, missing); err != nil {
		return err
	}
	if missing != 0 {
		return fmt.Errorf("%d answered investigations are not in the audit trail", missing)
	}
	return nil
}

package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/jordigilh/kubernaut/test/infrastructure/stack"
)

// figure is one row of the report; aim and reference are for the reader.
type figure struct {
	name, measured, latency, aim, reference string
}

func rated(name string, samples []sample, aim, reference string) figure {
	m := median(samples)
	low, high := samples[0].perSecond, samples[0].perSecond
	for _, s := range samples {
		low, high = min(low, s.perSecond), max(high, s.perSecond)
	}
	return figure{name: name, measured: fmt.Sprintf("%.0f/s (%.0f to %.0f)", m.perSecond, low, high),
		latency: fmt.Sprintf("%.1f / %.1f / %.0f", ms(m.p50), ms(m.p99), ms(m.max)), aim: aim, reference: reference}
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func timed(name string, times []time.Duration, aim, reference string) figure {
	return figure{name: name, measured: fmt.Sprintf("%.2f s", middle(times).Seconds()), latency: "", aim: aim, reference: reference}
}

func writing(ctx context.Context, s *stack.Stack, rounds, _ int) ([]figure, error) {
	var one, eight, batches, shared []sample
	var fills []time.Duration
	for round := range rounds {
		err := instance(ctx, s, fmt.Sprintf("writing-%d", round), func(a *api) error {
			filled, err := a.fill(ctx, 0, 10_000)
			if err != nil {
				return err
			}
			fills = append(fills, filled)
			for _, m := range []struct {
				into    *[]sample
				measure func() (sample, error)
			}{
				{&one, func() (sample, error) { return a.creates(ctx, 1) }},
				{&eight, func() (sample, error) { return a.creates(ctx, 8) }},
				{&batches, func() (sample, error) { return a.appends(ctx, 4, 100) }},
				{&shared, func() (sample, error) { return a.appends(ctx, 1, 100) }},
			} {
				measured, err := m.measure()
				if err != nil {
					return err
				}
				*m.into = append(*m.into, measured)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return []figure{
		timed("10,000 workflows in batches of 500", fills, "≤ 6 s", "no such request"),
		rated("creates, 1 client", one, "≥ 450/s", "164 to 206/s"),
		rated("creates, 8 clients", eight, "≥ 1,000/s", "510 to 560/s"),
		rated("audit events, batches of 100, 4 clients", batches, "≥ 15,000/s", "4,820 to 5,540/s"),
		rated("audit events, batches of 100, 1 client", shared, "", "not measured"),
	}, nil
}

func reading(ctx context.Context, s *stack.Stack, rounds, largest int) ([]figure, error) {
	aims := map[int][2]string{
		1_000:   {"≥ 1,000/s", "524 to 551/s, p99 38 to 41 ms"},
		10_000:  {"≥ 600/s, p99 ≤ 40 ms", "212 to 218/s, p99 85 ms"},
		100_000: {"within 1.5 × of 10,000", "not measured"},
	}
	var figures []figure
	err := instance(ctx, s, "reading", func(a *api) error {
		filled := 0
		for _, rows := range []int{1_000, 10_000, 100_000} {
			if rows > largest {
				break
			}
			if _, err := a.fill(ctx, filled, rows); err != nil {
				return err
			}
			filled = rows
			samples := make([]sample, rounds)
			for round := range rounds {
				var err error
				if samples[round], err = a.searches(ctx, 8); err != nil {
					return err
				}
			}
			listed, err := a.list(ctx, rows)
			if err != nil {
				return err
			}
			figures = append(figures, rated(fmt.Sprintf("searches among %d, 8 clients", rows), samples, aims[rows][0], aims[rows][1]),
				figure{name: fmt.Sprintf("list of %d by cursor, once", rows), measured: fmt.Sprintf("%.2f s", listed.Seconds())})
		}
		return nil
	})
	return figures, err
}

func print(output io.Writer, figures []figure) error {
	load, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(output, "Load of the machine over 1, 5 and 15 minutes: %.14s\n\n"+
		"| | measured | p50 / p99 / max, ms | aim | reference |\n|---|---|---|---|---|\n", load); err != nil {
		return err
	}
	for _, f := range figures {
		if _, err := fmt.Fprintf(output, "| %s | %s | %s | %s | %s |\n", f.name, f.measured, f.latency, f.aim, f.reference); err != nil {
			return err
		}
	}
	return nil
}

package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"time"
)

// report prints one table; the aims are for the reader.
func report(output io.Writer, o options, rounds []sample, processor float64, crowd sample, memory [2]float64, missing int64) error {
	machine, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return err
	}
	rates, p50, p99, slowest := columns(rounds)
	_, err = fmt.Fprintf(output, `Load of the machine over 1, 5 and 15 minutes: %.14s

| | measured | aim |
|---|---|---|
| investigations/s, %d callers, median of %d | %.1f (%.1f to %.1f) | ≥ 40 |
| HAPI's processor time for one, ms | %.1f | |
| p50 / p99 / slowest, ms | %.0f / %.0f / %.0f | p99 ≤ 400 |
| %d callers: answered / refused with Retry-After | %d / %d | none hangs |
| slowest refusal, ms | %.0f | early |
| memory before and after %d investigations, MiB | %.0f, %.0f | flat |
| answered and not in the audit trail | %d | 0 |
`, machine, o.callers, len(rounds), middle(rates), slices.Min(rates), slices.Max(rates), processor,
		ms(middle(p50)), ms(middle(p99)), ms(middle(slowest)), o.crowd, len(crowd.answered),
		len(crowd.refused), ms(crowd.slowestRefusal), o.memory, memory[0], memory[1], missing)
	return err
}

func columns(rounds []sample) (rates []float64, p50, p99, slowest []time.Duration) {
	for _, s := range rounds {
		rates, p50 = append(rates, s.perSecond), append(p50, s.p50)
		p99, slowest = append(p99, s.p99), append(slowest, s.slowest)
	}
	return rates, p50, p99, slowest
}

func middle[T float64 | time.Duration](values []T) T {
	return slices.Sorted(slices.Values(values))[len(values)/2]
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"syscall"
	"time"

	"github.com/jordigilh/kubernaut/test/infrastructure/parts"
)

// overload counts what becomes of each request: from more callers than HAPI
// takes, then while DataStorage does not answer. It fails when an answered
// investigation is lost, or an answer is neither 200 nor a refusal with Retry-After.
func (h *hapi) overload(ctx context.Context, o options, output io.Writer) error {
	h.countsFailures = true
	if _, err := fmt.Fprint(output, "| | accepted | refused | failed | slowest refusal, ms |\n|---|---|---|---|---|\n"); err != nil {
		return err
	}
	crowd, err := h.load(ctx, o.crowd, o.window)
	if err := errors.Join(err, row(output, fmt.Sprintf("%d callers for %s", o.crowd, o.window), crowd)); err != nil {
		return err
	}
	failed, wrong := crowd.failed, []error{}
	if len(crowd.refused) == 0 {
		wrong = append(wrong, errors.New("nobody was refused: this was no overload"))
	}
	if o.outage > 0 {
		away, err := h.away(ctx, o)
		if err := errors.Join(err, row(output, fmt.Sprintf("%d callers, DataStorage away for %s", o.callers, o.outage), away)); err != nil {
			return err
		}
		failed += away.failed
	}
	lost, err := h.missing(ctx)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(output, "\n%d answered, %d of them lost\n", h.answered.Load(), lost); err != nil {
		return err
	}
	if lost != 0 || failed != 0 {
		wrong = append(wrong, fmt.Errorf("%d answered investigations are lost, %d requests failed", lost, failed))
	}
	return errors.Join(wrong...)
}

// away freezes DataStorage, which then neither answers nor refuses, and lets it go on.
func (h *hapi) away(ctx context.Context, o options) (s sample, err error) {
	pid := h.stack.PIDs[parts.DataStorage]
	if err := syscall.Kill(pid, syscall.SIGSTOP); err != nil {
		return sample{}, err
	}
	defer func() { err = errors.Join(err, syscall.Kill(pid, syscall.SIGCONT)) }()
	return h.load(ctx, o.callers, o.outage)
}

func row(output io.Writer, name string, s sample) error {
	_, err := fmt.Fprintf(output, "| %s | %d | %d | %d | %.0f |\n", name, len(s.answered), len(s.refused), s.failed, ms(s.slowestRefusal.Round(time.Millisecond)))
	return err
}

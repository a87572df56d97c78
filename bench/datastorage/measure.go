package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
)

const (
	createPath = "/api/v1/workflows"
	searchPath = "/api/v1/workflows/search"
	batchPath  = "/api/v1/workflows/batch"
	eventsPath = "/api/v1/audit/events/batch"
	window     = 4 * time.Second
	batchSize  = 500
)

// creates measures single creations from so many clients.
func (a *api) creates(ctx context.Context, clients int) (sample, error) {
	var number atomic.Int64
	run := uuid.NewString()
	return load(ctx, clients, window, func(ctx context.Context, _, _ int) error {
		n := int(number.Add(1))
		_, err := a.call(ctx, http.MethodPost, createPath, encode(workflow(fmt.Sprintf("%s-%d", run, n), n)), http.StatusCreated)
		return err
	})
}

// appends measures batches of a hundred events; the rate is that of events.
func (a *api) appends(ctx context.Context, clients, size int) (sample, error) {
	run := uuid.NewString()
	s, err := load(ctx, clients, window, func(ctx context.Context, client, call int) error {
		body := encode(events(size, fmt.Sprintf("%s-%d-%d", run, client, call)))
		_, err := a.call(ctx, http.MethodPost, eventsPath, body, http.StatusCreated)
		return err
	})
	s.perSecond *= float64(size)
	return s, err
}

// searches measures from eight clients, each asking for all labels in turn.
func (a *api) searches(ctx context.Context, clients int) (sample, error) {
	bodies := make([][]byte, 160)
	for number := range bodies {
		bodies[number] = encode(searchFor(number))
	}
	return load(ctx, clients, window, func(ctx context.Context, client, call int) error {
		_, err := a.call(ctx, http.MethodPost, searchPath, bodies[(client*20+call)%len(bodies)], http.StatusOK)
		return err
	})
}

// fill creates workflows in batches until there are so many, and says how long it took.
func (a *api) fill(ctx context.Context, from, to int) (time.Duration, error) {
	begun := time.Now()
	for start := from; start < to; start += batchSize {
		var batch []map[string]any
		for number := start; number < min(start+batchSize, to); number++ {
			batch = append(batch, workflow(fmt.Sprintf("fill-%d", number), number))
		}
		if _, err := a.call(ctx, http.MethodPost, batchPath, encode(batch), http.StatusCreated); err != nil {
			return 0, err
		}
	}
	return time.Since(begun), nil
}

// list reads the whole catalogue page by page, and checks that it was all of it.
func (a *api) list(ctx context.Context, rows int) (time.Duration, error) {
	begun, seen, cursor := time.Now(), 0, ""
	for {
		var page struct {
			Workflows  []json.RawMessage `json:"workflows"`
			NextCursor string            `json:"next_cursor"`
		}
		if err := a.read(ctx, createPath+"?limit=1000"+cursor, &page); err != nil {
			return 0, err
		}
		seen += len(page.Workflows)
		if page.NextCursor == "" {
			break
		}
		cursor = "&cursor=" + page.NextCursor
	}
	if seen != rows {
		return 0, fmt.Errorf("the list has %d workflows, not %d", seen, rows)
	}
	return time.Since(begun), nil
}

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

const (
	analyzePath = "/api/v1/incident/analyze"
	// No answer may take longer than HAPI's own deadline.
	callLimit  = 90 * time.Second
	trailLimit = time.Minute
)

type hapi struct {
	stack    *stack
	client   *http.Client
	run      string
	number   atomic.Int64
	answered atomic.Int64
	// countsFailures lets a run go on after an answer that is neither 200 nor a refusal.
	countsFailures bool
}

func newHAPI(s *stack) *hapi {
	transport := &http.Transport{MaxIdleConnsPerHost: 256}
	return &hapi{stack: s, client: &http.Client{Transport: transport, Timeout: callLimit},
		run: strconv.FormatInt(time.Now().UnixNano(), 36)}
}

// sample is one measured window: answers with 200, and refusals with 503 and Retry-After.
type sample struct {
	perSecond         float64
	answered, refused []time.Duration
	failed            int
	p50, p99, slowest time.Duration
	slowestRefusal    time.Duration
}

type outcome struct {
	took    time.Duration
	refused bool
	// failed is any other answer than 200 and a refusal; only `make load` goes on after one.
	failed bool
}

// load lets so many callers ask one after the other for so long.
func (h *hapi) load(ctx context.Context, callers int, long time.Duration) (sample, error) {
	begun := time.Now()
	return h.callers(ctx, callers, func(int64) bool { return time.Since(begun) < long })
}

// throughput measures all rounds, and HAPI's processor time for one investigation in ms.
func (h *hapi) throughput(ctx context.Context, o options) ([]sample, float64, error) {
	before, err := h.stack.ticks("holmesgpt-api")
	if err != nil {
		return nil, 0, err
	}
	rounds, answered := make([]sample, o.rounds), 0
	for round := range rounds {
		if rounds[round], err = h.load(ctx, o.callers, o.window); err != nil {
			return nil, 0, err
		}
		answered += len(rounds[round].answered)
	}
	after, err := h.stack.ticks("holmesgpt-api")
	return rounds, (after - before) * 10 / float64(max(answered, 1)), err
}

func (h *hapi) callers(ctx context.Context, callers int, again func(call int64) bool) (sample, error) {
	token, err := h.stack.token()
	if err != nil {
		return sample{}, err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	outcomes, begun := make([][]outcome, callers), time.Now()
	var calls atomic.Int64
	var running sync.WaitGroup
	for caller := range callers {
		running.Go(func() {
			for again(calls.Add(1)) && ctx.Err() == nil {
				done, err := h.analyze(ctx, token)
				if err != nil {
					cancel(err)
					return
				}
				outcomes[caller] = append(outcomes[caller], done)
			}
		})
	}
	running.Wait()
	if err := context.Cause(ctx); err != nil {
		return sample{}, err
	}
	return summarize(slices.Concat(outcomes...), time.Since(begun)), nil
}

func (h *hapi) analyze(ctx context.Context, token string) (outcome, error) {
	body, err := json.Marshal(h.incident())
	if err != nil {
		return outcome{}, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, h.stack.URLs["hapi"]+analyzePath, bytes.NewReader(body))
	if err != nil {
		return outcome{}, err
	}
	request.Header.Set("Authorization", "Bearer "+token)
	sent := time.Now()
	response, err := h.client.Do(request)
	if err != nil {
		return outcome{}, err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return outcome{}, err
	}
	done := outcome{took: time.Since(sent), refused: response.StatusCode == http.StatusServiceUnavailable}
	switch {
	case response.StatusCode == http.StatusOK:
		h.answered.Add(1)
	case !done.refused || response.Header.Get("Retry-After") == "":
		done.refused, done.failed = false, true
		if !h.countsFailures {
			return outcome{}, fmt.Errorf("HTTP %d: %.300s", response.StatusCode, answer)
		}
	}
	return done, nil
}

func (h *hapi) incident() map[string]string {
	id := fmt.Sprintf("bench-%s-%d", h.run, h.number.Add(1))
	return map[string]string{"incident_id": id, "remediation_id": id, "signal_type": "OOMKilled",
		"severity": "critical", "signal_source": "prometheus", "resource_namespace": "shop",
		"resource_kind": "Pod", "resource_name": "cart", "error_message": "killed",
		"environment": "production", "priority": "P0", "risk_tolerance": "medium",
		"business_category": "standard", "cluster_name": "bench"}
}

func summarize(outcomes []outcome, elapsed time.Duration) sample {
	var s sample
	for _, done := range outcomes {
		switch {
		case done.failed:
			s.failed++
		case done.refused:
			s.refused = append(s.refused, done.took)
		default:
			s.answered = append(s.answered, done.took)
		}
	}
	slices.Sort(s.answered)
	slices.Sort(s.refused)
	s.perSecond = float64(len(s.answered)) / elapsed.Seconds()
	s.p50, s.p99, s.slowest = at(s.answered, 0.5), at(s.answered, 0.99), at(s.answered, 1)
	s.slowestRefusal = at(s.refused, 1)
	return s
}

func at(sorted []time.Duration, share float64) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[int(share*float64(len(sorted)-1))]
}

// growth is HAPI's memory before and after so many investigations.
func (h *hapi) growth(ctx context.Context, callers, investigations int) ([2]float64, error) {
	before, err := h.stack.memory("holmesgpt-api")
	if err != nil || investigations == 0 {
		return [2]float64{before, before}, err
	}
	if _, err := h.callers(ctx, callers, func(call int64) bool { return call <= int64(investigations) }); err != nil {
		return [2]float64{}, err
	}
	after, err := h.stack.memory("holmesgpt-api")
	return [2]float64{before, after}, err
}

// missing waits until the outbox is empty and counts answers that have no event.
func (h *hapi) missing(ctx context.Context) (int64, error) {
	until := time.Now().Add(trailLimit)
	for {
		total, err := h.stored(ctx)
		if err != nil {
			return 0, err
		}
		if total >= h.answered.Load() || time.Now().After(until) {
			return h.answered.Load() - total, nil
		}
	}
}

func (h *hapi) stored(ctx context.Context) (int64, error) {
	token, err := h.stack.token()
	if err != nil {
		return 0, err
	}
	url := h.stack.URLs["datastorage"] + "/api/v1/audit/events?limit=1&event_type=holmesgpt.response.complete"
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return 0, err
	}
	request.Header.Set("Authorization", "Bearer "+token)
	response, err := h.client.Do(request)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	var page struct {
		Pagination struct {
			Total int64 `json:"total"`
		} `json:"pagination"`
	}
	if response.StatusCode != http.StatusOK {
		return 0, fmt.Errorf("GET %s: HTTP %d", url, response.StatusCode)
	}
	err = json.NewDecoder(response.Body).Decode(&page)
	return page.Pagination.Total, err
}

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"time"
)

// api is a DataStorage and the token that it is asked with.
type api struct {
	url, token string
	http       *http.Client
}

func newAPI(url, tokenFile string) (*api, error) {
	token, err := os.ReadFile(tokenFile)
	if err != nil {
		return nil, err
	}
	transport := &http.Transport{MaxIdleConnsPerHost: 64}
	return &api{url: url, token: strings.TrimSpace(string(token)),
		http: &http.Client{Transport: transport, Timeout: time.Minute}}, nil
}

// call sends one request and fails unless the answer has the wanted status.
func (a *api) call(ctx context.Context, method, path string, body []byte, want int) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, method, a.url+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Authorization", "Bearer "+a.token)
	request.Header.Set("Content-Type", "application/json")
	response, err := a.http.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != want {
		err = fmt.Errorf("%s %s: HTTP %d: %.300s", method, path, response.StatusCode, answer)
	}
	return answer, err
}

func (a *api) read(ctx context.Context, path string, into any) error {
	answer, err := a.call(ctx, http.MethodGet, path, nil, http.StatusOK)
	if err != nil {
		return err
	}
	return json.Unmarshal(answer, into)
}

// sample is what one measured window was.
type sample struct {
	perSecond     float64
	p50, p99, max time.Duration
}

// load runs do from so many clients for so long; do is told which call it is.
func load(ctx context.Context, clients int, long time.Duration, do func(ctx context.Context, client, call int) error) (sample, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	times := make([][]time.Duration, clients)
	begun := time.Now()
	var running sync.WaitGroup
	for client := range clients {
		running.Go(func() {
			for call := 0; time.Since(begun) < long && ctx.Err() == nil; call++ {
				sent := time.Now()
				if err := do(ctx, client, call); err != nil {
					cancel(err)
					return
				}
				times[client] = append(times[client], time.Since(sent))
			}
		})
	}
	running.Wait()
	elapsed := time.Since(begun)
	if err := context.Cause(ctx); err != nil {
		return sample{}, err
	}
	all := slices.Concat(times...)
	slices.Sort(all)
	at := func(share float64) time.Duration { return all[int(share*float64(len(all)-1))] }
	return sample{perSecond: float64(len(all)) / elapsed.Seconds(), p50: at(0.5), p99: at(0.99), max: at(1)}, nil
}

// median takes the middle of each figure on its own.
func median(samples []sample) sample {
	rates := make([]float64, 0, len(samples))
	var p50, p99, longest []time.Duration
	for _, s := range samples {
		rates = append(rates, s.perSecond)
		p50, p99, longest = append(p50, s.p50), append(p99, s.p99), append(longest, s.max)
	}
	return sample{perSecond: middle(rates), p50: middle(p50), p99: middle(p99), max: middle(longest)}
}

func middle[T float64 | time.Duration](values []T) T {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}

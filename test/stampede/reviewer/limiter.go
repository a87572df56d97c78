package reviewer

import (
	"context"

	"k8s.io/client-go/rest"
	"k8s.io/client-go/util/flowcontrol"
)

// watchedLimiter tells the request on whose behalf it waits that the review
// never left the process. client-go's error text says so too, but has changed
// between releases.
type watchedLimiter struct{ flowcontrol.RateLimiter }

func (l watchedLimiter) Wait(ctx context.Context) error {
	err := l.RateLimiter.Wait(ctx)
	if starved, watched := ctx.Value(starvedKey{}).(*bool); watched && err != nil {
		*starved = true
	}
	return err
}

type starvedKey struct{}

// watch returns a context for one request, and what its limiter said.
func watch(ctx context.Context) (context.Context, *bool) {
	starved := new(bool)
	return context.WithValue(ctx, starvedKey{}, starved), starved
}

// limited gives one client a limiter of its own, as client-go does per API
// group; a negative rate switches it off.
func limited(config *rest.Config, qps float32, burst int) *rest.Config {
	own := rest.CopyConfig(config)
	own.QPS, own.Burst, own.RateLimiter = qps, burst, nil
	if qps > 0 {
		own.RateLimiter = watchedLimiter{flowcontrol.NewTokenBucketRateLimiter(qps, burst)}
	}
	return own
}

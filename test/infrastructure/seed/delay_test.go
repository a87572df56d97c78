package seed

import (
	"testing"
	"time"
)

func TestDelayDoublesAndObeysRetryAfterUpToTheCap(t *testing.T) {
	opts := Options{Backoff: time.Second, MaxDelay: 5 * time.Second}
	cases := []struct {
		posts      int
		retryAfter string
		want       time.Duration
	}{
		{1, "", time.Second},
		{2, "", 2 * time.Second},
		{9, "", 5 * time.Second},
		{1, "3", 3 * time.Second},
		{3, "1", 4 * time.Second},
		{1, "9223372036854775807", 5 * time.Second},
		{1, "-4", time.Second},
		{1, "tomorrow", time.Second},
	}
	for _, c := range cases {
		if got := opts.delay(c.posts, c.retryAfter); got != c.want {
			t.Errorf("after %d posts and Retry-After %q: %v, not %v", c.posts, c.retryAfter, got, c.want)
		}
	}
}

package process

import (
	"context"
	"fmt"
	"time"
)

const pollInterval = 20 * time.Millisecond

// Wait polls check until it returns nil; the error names what was waited for
// and the last reason.
func Wait(ctx context.Context, description string, limit time.Duration, check func(context.Context) error) error {
	begin, caller := time.Now(), ctx
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	ticker := time.NewTicker(pollInterval)
	defer ticker.Stop()
	var last error
	for {
		err := check(ctx)
		if err == nil {
			return nil
		}
		if last == nil || ctx.Err() == nil {
			last = err
		}
		select {
		case <-ctx.Done():
			if caller.Err() != nil {
				return fmt.Errorf("%s: given up after %s: %w (last: %w)", description,
					time.Since(begin).Round(time.Millisecond), context.Cause(caller), last)
			}
			return fmt.Errorf("%s: not within %s: %w (last: %w)", description, limit, context.Cause(ctx), last)
		case <-ticker.C:
		}
	}
}

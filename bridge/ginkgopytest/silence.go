package ginkgopytest

import (
	"context"
	"os"
	"path/filepath"
	"time"
)

// endPerTest is what the end of pytest gets for each test: reports of 80,000
// tests take more than any fixed limit.
const endPerTest = time.Millisecond

// endLimit is how long pytest may be silent after its last test.
func (r *Run) endLimit() time.Duration {
	return r.process.teardown + time.Duration(len(r.selection.Selected))*endPerTest
}

// awaitEnd waits for the end of pytest as long as it works: until the context
// ends, or nothing has been written for the limit.
func (r *Run) awaitEnd(ctx context.Context) bool {
	ticker := time.NewTicker(watchInterval)
	defer ticker.Stop()
	limit, since, before := r.endLimit(), time.Now(), r.written()
	for {
		select {
		case <-r.process.done:
			return true
		case <-ctx.Done():
			return r.process.exited() != nil
		case now := <-ticker.C:
			if written := r.written(); written != before {
				since, before = now, written
			}
			if now.Sub(since) >= limit {
				return r.process.exited() != nil
			}
		}
	}
}

// written grows while pytest and its workers write: to the files of the run and,
// where the system tells, to anything.
func (r *Run) written() int64 {
	total := int64(0)
	for _, name := range []string{eventsFile, logFile, junitFile} {
		if info, err := os.Stat(filepath.Join(r.dir, name)); err == nil {
			total += info.Size()
		}
	}
	for _, pid := range append(r.workers(), r.process.pid) {
		total += bytesWritten(pid)
	}
	return total
}

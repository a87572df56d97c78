package ginkgopytest

import (
	"context"
	"fmt"
	"syscall"
	"time"
)

const watchInterval = 100 * time.Millisecond

// watchdog ends what has passed its deadline, in the process that started pytest.
type watchdog struct {
	run         *Run
	testTimeout time.Duration
	runTimeout  time.Duration
	// aborted is when the process that runs a test got SIGABRT.
	aborted map[busy]time.Time
}

func (w *watchdog) watch() {
	p := w.run.process
	ticker := time.NewTicker(watchInterval)
	defer ticker.Stop()
	var over <-chan time.Time
	if w.runTimeout > 0 {
		timer := time.NewTimer(w.runTimeout)
		defer timer.Stop()
		over = timer.C
	}
	for {
		select {
		case <-p.done:
			return
		case <-over:
			reason := fmt.Sprintf("the run took longer than its %v (RunTimeout)", w.runTimeout)
			p.stop(context.Background(), reason, w.run.workers)
			return
		case now := <-ticker.C:
			if w.testTimeout > 0 {
				w.check(now)
			}
		}
	}
}

// check ends the processes whose test went on although the plugin failed it in
// time and its fixtures had theirs.
func (w *watchdog) check(now time.Time) {
	limit := w.testTimeout + w.run.process.teardown
	for _, test := range w.run.running() {
		at, aborted := w.aborted[test]
		switch {
		case now.Sub(test.since) < limit:
		case !aborted:
			w.aborted[test] = now
			w.run.process.signal(test.pid, syscall.SIGABRT)
		case now.Sub(at) > abortTime:
			w.run.process.signal(test.pid, syscall.SIGKILL)
		}
	}
}

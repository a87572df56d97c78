package approval

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/fsnotify/fsnotify"
	"github.com/go-logr/logr"
)

// Watcher takes over a policy file that changes. It is a manager's Runnable,
// also of one that does not lead.
type Watcher struct {
	*Evaluator
	Log logr.Logger
	// Reloaded, if not nil, is told of every change that was seen.
	Reloaded func(error)
}

// NeedLeaderElection is false: whoever leads next has to know the policy.
func (Watcher) NeedLeaderElection() bool { return false }

// Start watches until the context ends. It watches the folder, because a
// mounted ConfigMap changes by a renamed link.
func (w Watcher) Start(ctx context.Context) error {
	watcher, err := fsnotify.NewWatcher()
	if err != nil {
		return fmt.Errorf("watch the approval policy: %w", err)
	}
	defer func() { _ = watcher.Close() }()
	if err := watcher.Add(filepath.Dir(w.Path)); err != nil {
		return fmt.Errorf("watch the approval policy: %w", err)
	}
	// What changed before the watch began.
	w.reload(ctx)
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-watcher.Events:
			w.reload(ctx)
		case err := <-watcher.Errors:
			w.Log.Error(err, "approval policy is not watched well")
		}
	}
}

func (w Watcher) reload(ctx context.Context) {
	changed, err := w.Load(ctx)
	switch {
	case err != nil:
		w.Log.Error(err, "approval policy not reloaded; the old one stays")
	case !changed:
		return
	default:
		w.Log.Info("approval policy reloaded", "path", w.Path)
	}
	if w.Reloaded != nil {
		w.Reloaded(err)
	}
}

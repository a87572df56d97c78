// Package mustgather collects what explains a failure into one folder, while
// the stack still runs. It only reads, and nothing secret leaves the stack.
package mustgather

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/jordigilh/kubernaut/test/infrastructure/stack"
)

// Limit bounds a gathering; what takes longer is left out.
const Limit = 10 * time.Second

const problemsFile = "problems.txt"

// gathering is one folder on its way.
type gathering struct {
	dir    string
	stack  stack.Snapshot
	tests  []Test
	redact *redactor
}

// collector is one part of a gathering; it fails for itself alone.
type collector struct {
	name    string
	collect func(context.Context) error
}

// Gather fills the folder. Its error tells what is missing there, which
// problems.txt tells too; the rest is there all the same.
func Gather(ctx context.Context, dir string, from stack.Snapshot, tests []Test) error {
	ctx, cancel := context.WithTimeout(ctx, Limit)
	defer cancel()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("must-gather: %w", err)
	}
	g := &gathering{dir: dir, stack: from, tests: tests, redact: newRedactor(from)}
	problems := g.run(ctx, []collector{
		{"logs", g.logs}, {"API objects", g.objects}, {"settings", g.settings}, {"configuration", g.configuration},
		{"catalogue", g.catalogue}, {"metrics", g.metrics}, {"versions", g.versions}, {"failed tests", g.failedTests},
	})
	if len(problems) == 0 {
		return nil
	}
	err := errors.Join(problems...)
	return errors.Join(err, g.write(problemsFile, []byte(err.Error()+"\n")))
}

// run does not wait for a collector that outlasts the limit.
func (g *gathering) run(ctx context.Context, collectors []collector) []error {
	ended := make([]chan error, len(collectors))
	for i, part := range collectors {
		ended[i] = make(chan error, 1)
		go func() { ended[i] <- part.collect(ctx) }()
	}
	var problems []error
	for i, part := range collectors {
		var err error
		select {
		case err = <-ended[i]:
		case <-ctx.Done():
			// What ended at the last moment counts.
			select {
			case err = <-ended[i]:
			default:
				err = context.Cause(ctx)
			}
		}
		if err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", part.name, err))
		}
	}
	return problems
}

// write is the one way into the folder.
func (g *gathering) write(name string, content []byte) error {
	path := filepath.Join(g.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, g.redact.bytes(content), 0o644)
}

// each runs one body for every name, side by side.
func each[V any](items map[string]V, body func(name string, item V) error) error {
	var (
		running  sync.WaitGroup
		mutex    sync.Mutex
		problems []error
	)
	for name, item := range items {
		running.Go(func() {
			if err := body(name, item); err != nil {
				mutex.Lock()
				defer mutex.Unlock()
				problems = append(problems, fmt.Errorf("%s: %w", name, err))
			}
		})
	}
	running.Wait()
	return errors.Join(problems...)
}

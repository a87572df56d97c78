package stack

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"syscall"
	"time"

	"github.com/jordigilh/kubernaut/test/infrastructure/process"
)

// DownKept ends the kept stack of the checkout and tells progress what it
// ended; false says that there was none.
func DownKept(ctx context.Context, root string, progress io.Writer) (_ bool, err error) {
	c, err := claimKept(root)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, c.release()) }()
	old, err := c.load()
	if err != nil || old == nil {
		return false, err
	}
	return true, end(ctx, c, *old, root, progress)
}

// end stops the recorded parts, kills what else carries the mark, and removes
// the data; the record goes last, so that a failed end can be repeated.
func end(ctx context.Context, c *claim, old record, root string, progress io.Writer) error {
	s, err := newStack(Options{RepoRoot: root, Namespace: old.Namespace, Keep: true}, old.RunID)
	if err != nil {
		return err
	}
	s.claim = c
	s.find(ctx, old)
	found := s.processes()
	stopped := s.group.Stop(ctx)
	for _, one := range found {
		fmt.Fprintf(progress, "ended %s (pid %d)\n", one.Name, one.PID)
	}
	killed, err := killMarked(ctx, old.RunID)
	for _, pid := range killed {
		fmt.Fprintf(progress, "ended pid %d of run %s\n", pid, old.RunID)
	}
	if err := errors.Join(stopped, err, s.dispose(ctx)); err != nil {
		return fmt.Errorf("end the kept stack of run %s: %w", old.RunID, err)
	}
	fmt.Fprintf(progress, "removed %s\n", s.Dir)
	return nil
}

// find attaches what still runs: a part that is gone needs no stop, and one
// that is not well can be stopped.
func (s *Stack) find(ctx context.Context, old record) {
	var finding sync.WaitGroup
	for _, part := range s.kept {
		finding.Go(func() { _ = part.Attach(ctx, old.RunID, old.Parts[part.Name()]) })
	}
	finding.Wait()
	for _, part := range s.kept {
		s.group.Adopt(part.Name())
	}
}

// killLimit is for killed processes that still close their files.
const killLimit = 5 * time.Second

// killMarked ends what no record names, such as the children of a runner that
// was killed before its stack was up, and waits until it is gone.
func killMarked(ctx context.Context, runID string) ([]int, error) {
	left, err := process.Children(runID, true)
	if err != nil {
		return nil, err
	}
	var killed []int
	var errs []error
	for _, pid := range left {
		switch err := syscall.Kill(pid, syscall.SIGKILL); {
		case err == nil:
			killed = append(killed, pid)
		case !errors.Is(err, syscall.ESRCH):
			errs = append(errs, fmt.Errorf("kill process %d: %w", pid, err))
		}
	}
	gone := process.Wait(ctx, "kill processes of run "+runID, killLimit, func(context.Context) error {
		left, err := process.Children(runID, true)
		if err == nil && len(left) > 0 {
			err = fmt.Errorf("%v still run", left)
		}
		return err
	})
	return killed, errors.Join(append(errs, gone)...)
}

// Command reproduce shows the incident and its cures on real parts, and fails
// unless the runs show all of it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"k8s.io/klog/v2"

	"github.com/jordigilh/kubernaut/test/infrastructure/parts"
	"github.com/jordigilh/kubernaut/test/infrastructure/runs"
	"github.com/jordigilh/kubernaut/test/infrastructure/stack"
	"github.com/jordigilh/kubernaut/test/stampede"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	options, err := parse(os.Args[1:], os.Stderr)
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "reproduce:", err)
		os.Exit(2)
	}
	if err := run(ctx, options); err != nil {
		fmt.Fprintln(os.Stderr, "reproduce:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) (err error) {
	root, err := filepath.Abs(".")
	if err != nil {
		return err
	}
	if _, err := runs.Sweep(); err != nil {
		return fmt.Errorf("sweep dead runs: %w", err)
	}
	this, err := runs.New()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, this.Release()) }()
	r := report{dir: filepath.Join(root, "reports", "stampede", this.ID), RunID: this.ID}
	s, err := stack.Up(ctx, stack.Options{RunID: this.ID, ReportDir: r.dir, RepoRoot: root,
		Python:   filepath.Join(root, ".venv", "bin", "python"),
		Without:  []string{parts.DataStorage, parts.HAPI, parts.MockLLM},
		Progress: os.Stderr})
	if err != nil {
		return errors.Join(err, context.Cause(ctx))
	}
	defer func() { err = errors.Join(err, s.Down(context.WithoutCancel(ctx))) }()
	closeLog, err := divertClientLog(filepath.Join(s.LogDir, "client-go.log"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeLog()) }()
	if err := r.measure(ctx, o, stampede.Options{Stack: s, DataStorageEnv: o.env, Progress: os.Stderr}); err != nil {
		return errors.Join(err, context.Cause(ctx))
	}
	return r.tell(os.Stdout)
}

// divertClientLog keeps what client-go says of its limiter, in a file.
func divertClientLog(path string) (func() error, error) {
	file, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	klog.LogToStderr(false)
	klog.SetOutput(file)
	return func() error {
		klog.Flush()
		return file.Close()
	}, nil
}

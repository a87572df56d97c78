// Command stack-up brings the embedded stack up, tells where it is in one JSON
// object, and stops it when standard input closes or a signal comes.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/jordigilh/kubernaut/test/infrastructure/runs"
	"github.com/jordigilh/kubernaut/test/infrastructure/stack"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	options, err := parse(os.Args[1:], os.Stderr)
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "stack-up:", err)
		os.Exit(2)
	}
	root, err := filepath.Abs(".")
	if err == nil {
		err = run(untilClosed(ctx, os.Stdin), root, options)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "stack-up:", err)
		os.Exit(1)
	}
}

type options struct {
	without  []string
	jsonFile string
}

func parse(arguments []string, usage io.Writer) (options, error) {
	var o options
	flags := flag.NewFlagSet("stack-up", flag.ContinueOnError)
	flags.SetOutput(usage)
	without := flags.String("without", "hapi,mock-llm", "services to leave out; an empty list starts all, and seeds")
	flags.StringVar(&o.jsonFile, "json", "", "file for the JSON object (default: standard output)")
	if err := flags.Parse(arguments); err != nil {
		return o, err
	}
	if flags.NArg() > 0 {
		return o, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	var err error
	o.without, err = stack.ParseWithout(*without)
	return o, err
}

// errClosed ends the stack: whoever started it is gone or has had enough.
var errClosed = errors.New("standard input was closed; keep it open for as long as the stack is needed")

// untilClosed is cancelled when the reader ends, too.
func untilClosed(parent context.Context, input io.Reader) context.Context {
	ctx, cancel := context.WithCancelCause(parent)
	go func() {
		_, _ = io.Copy(io.Discard, input)
		cancel(errClosed)
	}()
	return ctx
}

// run is the life of one stack for the checkout at root.
func run(ctx context.Context, root string, o options) (err error) {
	if _, err := runs.Sweep(); err != nil {
		return fmt.Errorf("sweep dead runs: %w", err)
	}
	this, err := runs.New()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, this.Release()) }()
	reportDir := filepath.Join(root, "reports", "stack-up", this.ID)
	s, err := stack.Up(ctx, stack.Options{RunID: this.ID, ReportDir: reportDir, RepoRoot: root,
		Python: filepath.Join(root, ".venv", "bin", "python"), Without: o.without, Progress: os.Stderr})
	if err != nil {
		return errors.Join(err, context.Cause(ctx))
	}
	defer func() { err = errors.Join(err, s.Down(context.WithoutCancel(ctx))) }()
	if err := complete(ctx, s, reportDir, o.without); err != nil {
		return err
	}
	if err := tell(s, o.jsonFile); err != nil {
		return err
	}
	<-ctx.Done()
	return nil
}

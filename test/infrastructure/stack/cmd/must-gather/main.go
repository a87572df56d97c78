// Command must-gather collects what explains the state of the kept stack of
// this checkout into one folder, and prints its path.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/jordigilh/kubernaut/test/infrastructure/mustgather"
	"github.com/jordigilh/kubernaut/test/infrastructure/stack"
)

func main() {
	name := "must-gather-" + time.Now().UTC().Format("20060102-150405")
	dir := flag.String("dir", filepath.Join("reports", name), "folder to fill")
	flag.Parse()
	if err := gather(*dir); err != nil {
		fmt.Fprintln(os.Stderr, "must-gather:", err)
		os.Exit(1)
	}
}

func gather(dir string) error {
	kept, err := stack.Kept(".")
	if err != nil {
		return err
	}
	if kept == nil {
		return errors.New("no stack is kept; keep one with `KEEP_CLUSTER=true make test-e2e-holmesgpt-api`")
	}
	err = mustgather.Gather(context.Background(), dir, *kept, nil)
	fmt.Println(dir)
	return err
}

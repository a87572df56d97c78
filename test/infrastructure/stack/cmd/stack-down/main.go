// Command stack-down ends the stack that an earlier run kept.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/jordigilh/kubernaut/test/infrastructure/stack"
)

func main() {
	found, err := stack.DownKept(context.Background(), ".", os.Stdout)
	if err != nil {
		fmt.Fprintln(os.Stderr, "stack-down:", err)
		os.Exit(1)
	}
	if !found {
		fmt.Println("no stack is kept")
	}
}

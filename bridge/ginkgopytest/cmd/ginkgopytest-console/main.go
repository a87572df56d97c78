// Command ginkgopytest-console runs a command and shows, from the event log of
// its run, how far it is. It ends as the command ends.
//
//	ginkgopytest-console EVENTS COMMAND [ARGUMENT...]
package main

import (
	"fmt"
	"os"
	"os/exec"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/console"
)

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: ginkgopytest-console EVENTS COMMAND [ARGUMENT...]")
		os.Exit(2)
	}
	options := console.For(os.Stdout, os.Getenv)
	options.Events = os.Args[1]
	code, err := console.Run(options, exec.Command(os.Args[2], os.Args[3:]...))
	if err != nil {
		fmt.Fprintln(os.Stderr, "ginkgopytest-console:", err)
	}
	if err != nil && code == 0 {
		code = 1
	}
	os.Exit(code)
}

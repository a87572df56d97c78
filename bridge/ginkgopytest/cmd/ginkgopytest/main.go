// Command ginkgopytest is the command line of event logs: it runs suites with a
// console, and makes reports of what they left. `ginkgopytest --help` lists what
// it can do.
package main

import (
	"os"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/internal/cli"
)

func main() {
	os.Exit(cli.Run(os.Args[1:], os.Stdout, os.Stderr))
}

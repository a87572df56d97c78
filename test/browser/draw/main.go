// Command draw makes timeline.html and trace.json from an event log.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/jordigilh/kubernaut/pkg/ginkgopytest/events"
	"github.com/jordigilh/kubernaut/pkg/ginkgopytest/timeline"
)

func main() {
	flag.Parse()
	if flag.NArg() != 2 {
		fmt.Fprintln(os.Stderr, "usage: draw EVENTS FOLDER")
		os.Exit(2)
	}
	if err := draw(flag.Arg(0), flag.Arg(1)); err != nil {
		fmt.Fprintln(os.Stderr, "draw:", err)
		os.Exit(1)
	}
}

func draw(log, folder string) error {
	run, err := events.Read(log)
	if err != nil {
		return err
	}
	if err := timeline.Write(filepath.Join(folder, "timeline.html"), run); err != nil {
		return err
	}
	return timeline.WriteTrace(filepath.Join(folder, "trace.json"), run)
}

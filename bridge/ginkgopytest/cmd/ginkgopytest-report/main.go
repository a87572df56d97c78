// Command ginkgopytest-report makes the reports of a folder from its
// events.jsonl, also after a run that was killed.
//
//	ginkgopytest-report DIR
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/report"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: ginkgopytest-report DIR   (DIR has events.jsonl)")
		os.Exit(2)
	}
	if err := write(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "ginkgopytest-report:", err)
		os.Exit(1)
	}
}

func write(dir string) error {
	run, err := report.Read(dir)
	if err != nil {
		return err
	}
	overview, err := report.Write(run, dir)
	describe(dir, overview)
	return err
}

func describe(dir string, overview report.Overview) {
	fmt.Printf("%s: %d specs, %d failed\n", overview.Report.SuiteDescription, overview.Total, overview.Failed)
	for _, reason := range overview.Report.SpecialSuiteFailureReasons {
		fmt.Println(reason)
	}
	for _, name := range report.Files {
		fmt.Println(filepath.Join(dir, name))
	}
}

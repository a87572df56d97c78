package cli

import (
	"fmt"
	"io"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/report"
)

func reportCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "report DIR",
		Short: "Make the reports of a run again from its event log",
		Long: `Make the reports of the folder DIR from its events.jsonl, also after a run that
was killed.`,
		Args: misused(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return writeReports(cmd.OutOrStdout(), args[0])
		},
	}
}

func writeReports(out io.Writer, dir string) error {
	run, err := report.Read(dir)
	if err != nil {
		return err
	}
	overview, err := report.Write(run, dir)
	describe(out, dir, overview)
	return err
}

func describe(out io.Writer, dir string, overview report.Overview) {
	fmt.Fprintf(out, "%s: %d specs, %d failed\n", overview.Report.SuiteDescription, overview.Total, overview.Failed)
	for _, reason := range overview.Report.SpecialSuiteFailureReasons {
		fmt.Fprintln(out, reason)
	}
	for _, name := range report.Files {
		fmt.Fprintln(out, filepath.Join(dir, name))
	}
}

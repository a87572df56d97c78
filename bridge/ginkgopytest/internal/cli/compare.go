package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/compare"
)

func compareCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "compare BASE RUN",
		Short: "Tell two runs apart in sentences",
		Long: `Tell how RUN differs from BASE, both folders with an event log: tests, outcomes,
when the first test began and why, and the times of steps and tests.`,
		Args: misused(cobra.ExactArgs(2)),
		RunE: func(cmd *cobra.Command, args []string) error {
			base, err := readRun(args[0])
			if err != nil {
				return err
			}
			run, err := readRun(args[1])
			if err != nil {
				return err
			}
			sentences := compare.Runs(base, run)
			if len(sentences) == 0 {
				sentences = []string{"no notable difference"}
			}
			for _, sentence := range sentences {
				fmt.Fprintln(cmd.OutOrStdout(), sentence)
			}
			return nil
		},
	}
}

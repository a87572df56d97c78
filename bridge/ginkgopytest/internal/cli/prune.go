package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/store"
)

func pruneCommand() *cobra.Command {
	var runs, megabytes int
	command := &cobra.Command{
		Use:   "prune DIR",
		Short: "Remove the oldest runs of a suite",
		Long: `Remove the oldest runs in DIR until the rest is within the limits. The newest
run stays, and what still runs; the history of the tests stays in the index.`,
		Args: misused(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			if runs < 0 || megabytes < 0 || runs+megabytes == 0 {
				return wrong(cmd, fmt.Errorf("--runs is %d and --megabytes %d: at least one must say what to keep, and none be negative", runs, megabytes))
			}
			home, err := store.Of(args[0])
			if err != nil {
				return err
			}
			removed, err := home.Prune(store.Limits{Runs: runs, Bytes: int64(megabytes) << 20})
			for _, id := range removed {
				fmt.Fprintln(cmd.OutOrStdout(), "removed", home.Dir(id))
			}
			return err
		},
	}
	command.Flags().IntVar(&runs, "runs", 0, "how many runs to keep")
	command.Flags().IntVar(&megabytes, "megabytes", 0, "how many MiB to keep")
	return command
}

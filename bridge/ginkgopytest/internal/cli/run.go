package cli

import (
	"github.com/spf13/cobra"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/selection"
)

func runCommand() *cobra.Command {
	var shard string
	command := &cobra.Command{
		Use:   "run COMMAND [ARGUMENT...]",
		Short: "Run a suite, or one shard of it",
		Long: `Run COMMAND, which runs the suite, and end with its exit code. With --shard 1/3
it runs the first of three parts, which merge puts together again.`,
		Args: misused(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			var variables []string
			if shard != "" {
				part, err := selection.ParseShard(shard)
				if err != nil {
					return wrong(cmd, err)
				}
				variables = append(variables, selection.ShardVariable+"="+part.String())
			}
			return ended(execute(args, variables...))
		},
	}
	command.Flags().StringVar(&shard, "shard", "", "which part of how many, such as 1/3")
	command.Flags().SetInterspersed(false)
	return command
}

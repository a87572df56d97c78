package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/merge"
)

func mergeCommand() *cobra.Command {
	into := "merged"
	command := &cobra.Command{
		Use:   "merge DIR DIR...",
		Short: "Make one run of shards: one log, one report, one timeline",
		Long: `Put the runs of shards together in the folder --into. It fails when the shards
do not have each expected test once; the folder then shows what there is.`,
		Args: misused(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return mergeRuns(cmd.OutOrStdout(), args, into)
		},
	}
	command.Flags().StringVar(&into, "into", into, "the new folder")
	return command
}

func mergeRuns(out io.Writer, dirs []string, into string) error {
	var runs []*events.Run
	for _, dir := range dirs {
		run, err := readRun(dir)
		if err != nil {
			return err
		}
		runs = append(runs, run)
	}
	shards := merge.Shards(dirs, runs)
	for _, shard := range shards {
		fmt.Fprintln(out, shard.Describe())
	}
	if err := merge.Log(shards, into); err != nil {
		return err
	}
	if err := writeReports(out, into); err != nil {
		return err
	}
	if problems := merge.Check(shards); len(problems) > 0 {
		return exitError{failed, "the shards are not one whole run:\n" + strings.Join(problems, "\n")}
	}
	return nil
}

package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/history"
	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/store"
)

func historyCommand() *cobra.Command {
	var flaky, asJSON bool
	command := &cobra.Command{
		Use:   "history DIR [TEXT]",
		Short: "Show the last outcomes, flips and times of each test",
		Long: `Show, for each test of the suite whose runs are in DIR, its last 30 outcomes,
oldest first, how often they changed, and its time. With TEXT only tests whose
node id has it. A test is flaky when it passed and failed on the same source, or
passed after a rerun.`,
		Args: misused(cobra.RangeArgs(1, 2)),
		RunE: func(cmd *cobra.Command, args []string) error {
			home, err := store.Of(args[0])
			if err != nil {
				return err
			}
			index, _, err := home.Index()
			if err != nil {
				return err
			}
			chosen := choose(index.All(), strings.Join(args[1:], ""), flaky)
			if asJSON {
				return json.NewEncoder(cmd.OutOrStdout()).Encode(chosen)
			}
			showHistory(cmd.OutOrStdout(), index, chosen)
			return nil
		},
	}
	command.Flags().BoolVar(&flaky, "flaky", false, "only flaky tests")
	command.Flags().BoolVar(&asJSON, "json", false, "as a JSON array")
	return command
}

func choose(pasts []history.Past, text string, flaky bool) []history.Past {
	chosen := []history.Past{}
	for _, past := range pasts {
		if strings.Contains(past.NodeID, text) && (past.Flaky || !flaky) {
			chosen = append(chosen, past)
		}
	}
	return chosen
}

func showHistory(out io.Writer, index *history.Index, pasts []history.Past) {
	flaky := 0
	fmt.Fprintf(out, "%-*s  flips  median s  last s  test\n", history.Depth, "outcomes, oldest first")
	for _, past := range pasts {
		mark := ""
		if past.Flaky {
			mark, flaky = " (flaky)", flaky+1
		}
		fmt.Fprintf(out, "%-*s  %5d  %8.3f  %6.3f  %s%s\n", history.Depth, past.Outcomes, past.Flips, past.Median, past.Last, past.NodeID, mark)
	}
	fmt.Fprintf(out, "%d tests in %d runs, %d flaky\n", len(pasts), len(index.Runs), flaky)
}

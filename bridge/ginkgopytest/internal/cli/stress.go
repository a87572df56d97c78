package cli

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"
)

func stressCommand() *cobra.Command {
	times, all := 20, false
	command := &cobra.Command{
		Use:   "stress COMMAND [ARGUMENT...]",
		Short: "Repeat a suite until it fails and tell how often it does",
		Long: `Run COMMAND, which runs the suite, again and again until it fails, and tell the
rate. With --all it goes on after a failure. It ends with the code of the last
failure.`,
		Args: misused(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			if times < 1 {
				return wrong(cmd, fmt.Errorf("--times is %d: it takes at least one", times))
			}
			return stress(cmd.OutOrStdout(), times, all, args)
		},
	}
	command.Flags().IntVar(&times, "times", times, "how often at most")
	command.Flags().BoolVar(&all, "all", false, "go on after a failure")
	command.Flags().SetInterspersed(false)
	return command
}

func stress(out io.Writer, times int, all bool, command []string) error {
	red, last, ran := 0, 0, 0
	for ran < times && (red == 0 || all) {
		code, err := execute(command)
		if err != nil || code >= signalled {
			return ended(code, err)
		}
		ran++
		if code != 0 {
			red, last = red+1, code
		}
		fmt.Fprintf(out, "stress: %d of %d ran, %d failed\n", ran, times, red)
	}
	fmt.Fprintf(out, "stress: failed %d times of %d (%.0f %%)\n", red, ran, 100*float64(red)/float64(ran))
	return ended(last, nil)
}

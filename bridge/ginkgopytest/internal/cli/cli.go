// Package cli is the command line ginkgopytest: each sub-command is a file that
// reads arguments and prints what a package of its own found out.
package cli

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"
)

// Exit codes beside those of commands that are run.
const (
	failed = 1
	misuse = 2
)

// exitError ends the command line with a code; Reason is empty when everything
// has been said.
type exitError struct {
	code   int
	reason string
}

func (e exitError) Error() string { return e.reason }

// Run runs a command line and returns its exit code: 2 when it was misused.
func Run(args []string, out, problems io.Writer) int {
	root := command()
	root.SetArgs(args)
	root.SetOut(out)
	root.SetErr(problems)
	err := root.Execute()
	var exit exitError
	switch {
	case err == nil:
		return 0
	case !errors.As(err, &exit):
		exit = exitError{failed, err.Error()}
	}
	if exit.reason != "" {
		fmt.Fprintln(problems, "ginkgopytest:", exit.reason)
	}
	return exit.code
}

func command() *cobra.Command {
	root := &cobra.Command{
		Use:           "ginkgopytest",
		Short:         "What a run of pytest tests in Ginkgo left, and what comes next",
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          misused(cobra.NoArgs),
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error { return wrong(cmd, err) })
	root.AddCommand(reportCommand(), consoleCommand(), historyCommand(), pruneCommand(), rerunCommand(), runCommand(), compareCommand(), mergeCommand(), stressCommand())
	return root
}

// misused makes an error of arguments one that shows the usage.
func misused(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if err := check(cmd, args); err != nil {
			return wrong(cmd, err)
		}
		return nil
	}
}

func wrong(cmd *cobra.Command, err error) error {
	return exitError{misuse, fmt.Sprintf("%v\nusage: %s\n%s --help has more", err, cmd.UseLine(), cmd.CommandPath())}
}

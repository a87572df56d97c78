package cli

import (
	"os"
	"os/exec"

	"github.com/spf13/cobra"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/console"
)

func consoleCommand() *cobra.Command {
	command := &cobra.Command{
		Use:   "console EVENTS COMMAND [ARGUMENT...]",
		Short: "Run a command and show how far its run is",
		Long: `Run a command and show, from the event log EVENTS that its run writes, how far it
is. It ends with the command's exit code.`,
		Args: misused(cobra.MinimumNArgs(2)),
		RunE: func(_ *cobra.Command, args []string) error {
			options := console.For(os.Stdout, os.Getenv)
			options.Events = args[0]
			return ended(console.Run(options, exec.Command(args[1], args[2:]...)))
		},
	}
	command.Flags().SetInterspersed(false)
	return command
}

// ended is the end of a command that was run.
func ended(code int, err error) error {
	switch {
	case err != nil:
		return exitError{max(code, failed), err.Error()}
	case code != 0:
		return exitError{code: code}
	}
	return nil
}

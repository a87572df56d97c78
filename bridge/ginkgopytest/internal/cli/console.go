package cli

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/console"
	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/report"
)

func consoleCommand() *cobra.Command {
	command := &cobra.Command{
		Use:   "console EVENTS COMMAND [ARGUMENT...]",
		Short: "Run a command and show how far its run is",
		Long: `Run a command and show, from the event log EVENTS that its run writes, how far it
is. Its last lines name the causes of failures and the reports; it ends with the
command's exit code.`,
		Args: misused(cobra.MinimumNArgs(2)),
		RunE: func(_ *cobra.Command, args []string) error {
			options := console.For(os.Stdout, os.Getenv)
			options.Events = args[0]
			child := exec.Command(args[1], args[2:]...)
			child.Env = append(os.Environ(), report.ConcludedElsewhere+"=true")
			code, err := console.Run(options, child)
			return ended(code, errors.Join(err, report.Conclude(os.Stdout, filepath.Dir(args[0]))))
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

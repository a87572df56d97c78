package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/events"
	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/report"
	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/rerun"
	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/selection"
	"github.com/jordigilh/kubernaut/bridge/ginkgopytest/store"
)

func rerunCommand() *cobra.Command {
	tries := 3
	command := &cobra.Command{
		Use:   "rerun DIR COMMAND [ARGUMENT...]",
		Short: "Run what the last run left until it is green",
		Long: `Run COMMAND, which runs the suite, for the tests that the last run in DIR left:
those that failed or did not run, and new ones. Repeat until it is green. DIR is
the folder of a suite's runs or of one of them.`,
		Args: misused(cobra.MinimumNArgs(2)),
		RunE: func(cmd *cobra.Command, args []string) error {
			if tries < 1 {
				return wrong(cmd, fmt.Errorf("--tries is %d: it takes at least one", tries))
			}
			last, err := lastRun(args[0])
			if err != nil {
				return err
			}
			return untilGreen(cmd.OutOrStdout(), last, tries, args[1:])
		},
	}
	command.Flags().IntVar(&tries, "tries", tries, "how often at most")
	command.Flags().SetInterspersed(false)
	return command
}

// past is a run in a store.
type past struct {
	home store.Store
	dir  string
	run  *events.Run
}

// lastRun is the run that a folder has, or the newest of those in it.
func lastRun(dir string) (past, error) {
	home, err := store.Of(dir)
	if err != nil {
		return past{}, err
	}
	if _, err := os.Stat(filepath.Join(dir, report.EventsFile)); err == nil {
		run, err := readRun(dir)
		return past{home, dir, run}, err
	}
	return newest(home)
}

func newest(home store.Store) (past, error) {
	ids, err := home.IDs()
	if err != nil {
		return past{}, err
	}
	dir := home.Dir(ids[len(ids)-1])
	run, err := readRun(dir)
	return past{home, dir, run}, err
}

// readRun is the model of a run's folder; a log without an event is an error.
func readRun(dir string) (*events.Run, error) {
	run, err := report.Read(dir)
	if err == nil && run.Begin == 0 {
		err = fmt.Errorf("%s has no event: it is no event log, or its run was killed at once", filepath.Join(dir, report.EventsFile))
	}
	return run, err
}

func untilGreen(out io.Writer, last past, tries int, command []string) error {
	for try := 1; ; try++ {
		left := rerun.Of(last.run)
		fmt.Fprintf(out, "rerun %d of at most %d, after %s: %v\n", try, tries, filepath.Base(last.dir), left)
		code, err := goOn(left, command)
		switch {
		case err != nil || code >= signalled:
			return ended(code, err)
		case code == 0:
			fmt.Fprintf(out, "green at rerun %d\n", try)
			return nil
		}
		next, err := newest(last.home)
		if err != nil {
			return err
		}
		if next.run.Begin <= last.run.Begin {
			return exitError{code, fmt.Sprintf("%s ended with %d and left no run in %s", command[0], code, last.home.Home)}
		}
		if last = next; try == tries {
			return exitError{code, fmt.Sprintf("not green after %d reruns: %v", tries, rerun.Of(last.run))}
		}
	}
}

// goOn runs the suite without what is done.
func goOn(left rerun.Left, command []string) (code int, err error) {
	file, err := os.CreateTemp("", "ginkgopytest-earlier-*.json")
	if err != nil {
		return failed, err
	}
	defer os.Remove(file.Name())
	if left.Done == nil {
		left.Done = []string{}
	}
	if err := json.NewEncoder(file).Encode(left.Done); err != nil {
		return failed, err
	}
	if err := file.Close(); err != nil {
		return failed, err
	}
	return execute(command, selection.EarlierVariable+"="+file.Name())
}

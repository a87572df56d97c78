// Package console shows a run to a person while it goes on. It follows the
// event log: how many tests are done, what each worker runs, and every failure
// as it happens; before the tests, which parts are starting.
//
// On a terminal the status stands below the output and is redrawn in place;
// elsewhere there is a line for each failure and one at intervals. One process
// must write all of the output, so Run wraps the command whose output it is.
package console

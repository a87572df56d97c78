// Package events is the event log of a run, schema 1: JSON lines in one
// append-only file, which pytest's controller, its workers and the Ginkgo
// processes share. Each line is one write on a descriptor opened with O_APPEND,
// so that lines of several processes never mix. Every report can be made from
// the log alone, also after a kill. Schema has every event and field.
package events

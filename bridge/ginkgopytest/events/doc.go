// Package events is the event log of a run, schema 1: JSON lines in one
// append-only file, which pytest's controller, its workers and the Ginkgo
// processes share. Each line is one write on a descriptor opened with O_APPEND,
// so that lines of several processes never mix. Every report can be made from
// the log alone, also after a kill.
//
//	run_start       schema_version, run_id, suite, path
//	run_finish      outcome, ran, passed, failed, pending, skipped
//	span_start      span, lane, name
//	span_finish     span, outcome, message
//	spec_start      spec, nodeid, process
//	spec_finish     spec, nodeid, process, state, path, line, message, labels, node
//	session_start   schema_version, workers, pid, rootdir, pytest, python
//	worker_up       worker, pid
//	worker_down     worker, error
//	collected       nodeids
//	collect_error   nodeid, longrepr
//	test_start      nodeid, worker, pid, path, line
//	phase           nodeid, when, outcome, start, stop, duration, worker, attempt,
//	                longrepr, path, line, sections, wasxfail
//	subtest         nodeid, description, outcome, duration, attempt,
//	                longrepr, path, line
//	test_finish     nodeid, outcome, worker, reason, attempts
//	session_stop    reason, nodeid, worker, path, line
//	session_finish  exitstatus
//
// Every event has a time in epoch seconds; durations are seconds. Readers ignore
// events and fields that they do not know. A test's path and line are those of
// its definition in test_start and those of its failure in a phase. A phase has
// the sections that no earlier one had. Outcomes of
// tests are passed, failed, error, skipped, xfailed and xpassed; a phase that
// pytest will repeat, or whose outcome is the own word of a plugin, has the outcome
// rerun. Tests may share a node id: test_finish is the worst of them, and is
// written again when something worse comes later. session_stop says that pytest
// decided not to run the rest, and which test was the cause. A log without
// session_finish was cut off.
package events

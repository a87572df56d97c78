// Package report makes the reports of a run from its event log: Ginkgo's JSON,
// JUnit XML, TeamCity messages, test2json lines, and a summary for a person.
//
// Ginkgo's own reports have the times that specs waited for their tests. These
// have the tests' own times, places and workers, and since they need nothing but
// the log, they can be made again after a run that was killed.
package report

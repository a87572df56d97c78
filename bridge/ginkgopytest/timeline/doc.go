// Package timeline draws the event log of a run: one self-contained HTML page,
// and the same as a trace that Perfetto and Chrome's chrome://tracing open.
//
// Lanes are infrastructure parts, seeding, suite steps, the tests of each
// pytest worker and the specs of each Ginkgo process, in one clock: seconds
// from the first event. A test has a bar for each attempt. What was still
// running when the log ended is drawn to its end as unfinished; a test whose
// worker died, until the worker went down, as failed.
package timeline

// Package history is the past of a suite's tests: the last outcomes of each in
// an index file, which every run adds itself to and which can be made again from
// event logs.
package history

// Package store is the folder of a suite's runs: a folder for each run with its
// event log, a link to the newest, and the index of their history.
package store

// Package chaos holds the tests of what DataStorage does while its way to the
// API server is broken. It is a module of its own, so that toxiproxy and what
// it needs stay out of the main one.
package chaos

// Package holmesgptapi runs the Python integration tests of HAPI: its catalogue
// tool in process and HAPI over HTTP, both against a real stack, each test a spec.
package holmesgptapi

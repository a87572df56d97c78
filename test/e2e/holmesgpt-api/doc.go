// Package holmesgptapi runs the Python end-to-end tests of HAPI against a real
// stack, and shows each of them as a Ginkgo spec.
package holmesgptapi

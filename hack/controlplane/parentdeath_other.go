//go:build !linux

package main

// dieWithParent does nothing where the kernel offers no parent-death signal.
func dieWithParent() {}

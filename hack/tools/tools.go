// Package tools exists so that the module has a package.
package tools

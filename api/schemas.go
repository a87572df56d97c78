// Package api has the contracts as they stand in this folder, for Go code that
// checks documents against them.
package api

import "embed"

// Files are the JSON Schemas and the contract that they refer to.
//
//go:embed *.schema.json datastorage.yaml
var Files embed.FS

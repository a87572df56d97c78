// Package client is the HolmesGPT API client, generated from its contract.
package client

//go:generate go tool -modfile=../../../hack/tools/go.mod ogen --config ../../../hack/tools/ogen.yml --target . --package client --clean ../../../api/holmesgpt-api.yaml

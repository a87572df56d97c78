// Package ogenclient is the DataStorage client, generated from its contract.
package ogenclient

//go:generate go tool -modfile=../../../hack/tools/go.mod ogen --config ../../../hack/tools/ogen.yml --target . --package ogenclient --clean ../../../api/datastorage.yaml

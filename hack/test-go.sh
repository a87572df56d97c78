#!/usr/bin/env bash
# Runs the Go unit tests in random order, with the assets that make setup built.
set -euo pipefail
cd "$(dirname "$0")/.."
export KUBEBUILDER_ASSETS=${KUBEBUILDER_ASSETS:-$PWD/bin/k8s/$(hack/k8s-version.sh)}
export PYTHON=$PWD/.venv/bin/python
go test -shuffle=on $(go list ./test/infrastructure/... ./test/stampede/... ./test/workflows/...) "$@"
# The bridge is a module of its own.
go -C bridge/ginkgopytest test -shuffle=on ./... "$@"

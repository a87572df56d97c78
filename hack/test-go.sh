#!/usr/bin/env bash
# Runs the Go unit tests of every module in random order under the race
# detector, with the assets that make setup built, and compares what they cover
# with hack/coverage.toml. Arguments go to go test; with any, neither is done.
set -euo pipefail
cd "$(dirname "$0")/.."
export KUBEBUILDER_ASSETS=${KUBEBUILDER_ASSETS:-$PWD/bin/k8s/$(hack/k8s-version.sh)}
export PYTHON=$PWD/.venv/bin/python
mapfile -t packages < <(go list ./test/infrastructure/... ./test/stampede/... ./test/workflows/...)
if [ $# -gt 0 ]; then
	go test -shuffle=on "${packages[@]}" "$@"
	exec go -C bridge/ginkgopytest test -timeout=30m -shuffle=on ./... "$@"
fi
printed=$(mktemp)
trap 'rm -f "$printed"' EXIT
go test -race -cover -shuffle=on "${packages[@]}" | tee "$printed"
# The bridge is a module of its own.
go -C bridge/ginkgopytest test -timeout=30m -race -cover -shuffle=on ./... | tee -a "$printed"
.venv/bin/python hack/check_coverage.py go "$printed"

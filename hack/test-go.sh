#!/usr/bin/env bash
# Runs the Go unit tests in random order with the assets that make setup built:
# those of the system under the race detector, compared with the floors in
# hack/coverage.toml. Arguments go to go test instead.
set -euo pipefail
cd "$(dirname "$0")/.."
export KUBEBUILDER_ASSETS=${KUBEBUILDER_ASSETS:-$PWD/bin/k8s/$(hack/k8s-version.sh)}
export PYTHON=$PWD/.venv/bin/python
mapfile -t packages < <(go list ./test/infrastructure/... ./test/stampede/... ./test/workflows/... ./test/contract/...)
if [ $# -gt 0 ]; then
	exec go test -shuffle=on "${packages[@]}" "$@"
fi
printed=$(mktemp)
trap 'rm -f "$printed"' EXIT
go test -race -cover -shuffle=on "${packages[@]}" | tee "$printed"
.venv/bin/python hack/check_coverage.py go "$printed"

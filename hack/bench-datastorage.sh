#!/usr/bin/env bash
# Measures DataStorage with fsync on, beside the reference's figures. Arguments
# go to bench/datastorage.
set -euo pipefail
cd "$(dirname "$0")/.."
version=$(hack/k8s-version.sh)
export KUBEBUILDER_ASSETS=${KUBEBUILDER_ASSETS:-$PWD/bin/k8s/$version}
exec go run ./bench/datastorage "$@"

#!/usr/bin/env bash
# Measures HAPI on the embedded stack. Arguments go to bench/hapi.
set -euo pipefail
cd "$(dirname "$0")/.."
version=$(hack/k8s-version.sh)
export KUBEBUILDER_ASSETS=${KUBEBUILDER_ASSETS:-$PWD/bin/k8s/$version}
exec go run ./bench/hapi "$@"

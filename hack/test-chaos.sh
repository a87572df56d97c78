#!/usr/bin/env bash
# Runs the tests of DataStorage behind a broken way to the API server; they are
# a Go module of their own. Arguments go to go test.
set -euo pipefail
cd "$(dirname "$0")/.."
export KUBEBUILDER_ASSETS=${KUBEBUILDER_ASSETS:-$PWD/bin/k8s/$(hack/k8s-version.sh)}
exec go -C test/chaos test -shuffle=on ./... "$@"

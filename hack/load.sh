#!/usr/bin/env bash
# Sends HAPI more than it takes for a minute, then takes DataStorage away for ten,
# and counts what became of each request. Arguments go to bench/hapi.
set -euo pipefail
cd "$(dirname "$0")/.."
export KUBEBUILDER_ASSETS=${KUBEBUILDER_ASSETS:-$PWD/bin/k8s/$(hack/k8s-version.sh)}
exec go run ./bench/hapi -load -window 60s "$@"

#!/usr/bin/env bash
# Runs one Ginkgo suite of test/e2e. WORKERS, PROCS, FOCUS, LABELS and
# GINKGO_ARGS choose how; KEEP_CLUSTER=true keeps the stack.
set -euo pipefail
cd "$(dirname "$0")/.."
suite=$1
export KUBEBUILDER_ASSETS=${KUBEBUILDER_ASSETS:-$PWD/bin/k8s/$(hack/k8s-version.sh)}
mkdir -p bin
go build -modfile=hack/tools/go.mod -o bin/ginkgo github.com/onsi/ginkgo/v2/ginkgo
args=(-v --timeout=15m --fail-on-empty)
[ -z "${CI:-}" ] || args+=(--no-color)
[ -z "${PROCS:-}" ] || args+=("--procs=$PROCS")
[ -z "${FOCUS:-}" ] || args+=("--focus=$FOCUS")
[ -z "${LABELS:-}" ] || args+=("--label-filter=$LABELS")
# shellcheck disable=SC2086 # several arguments in one variable
exec bin/ginkgo "${args[@]}" ${GINKGO_ARGS:-} "./test/e2e/$suite"

#!/usr/bin/env bash
# Runs one Ginkgo suite, which is named by its folder in test: e2e/holmesgpt-api.
# The same with hyphens is that of its reports. WORKERS, PROCS, FOCUS, LABELS,
# SHARD and GINKGO_ARGS choose how; KEEP_CLUSTER=true keeps the stack. The console shows
# how far the run is, from the event log of the run id that is chosen here.
set -euo pipefail
cd "$(dirname "$0")/.."
suite=$1
export KUBEBUILDER_ASSETS=${KUBEBUILDER_ASSETS:-$PWD/bin/k8s/$(hack/k8s-version.sh)}
binary=test/$suite/$(basename "$suite").test
mkdir -p bin
# Beside its sources, where it runs; go links it anew only when they have changed,
# while the ginkgo command would link it for every run.
go test -c -o "$binary" "./test/$suite" &
test_binary=$!
go build -C bridge/ginkgopytest -o "$PWD/bin/ginkgopytest" ./cmd/ginkgopytest &
command_line=$!
go build -modfile=hack/tools/go.mod -o bin/ginkgo github.com/onsi/ginkgo/v2/ginkgo
wait "$command_line"
wait "$test_binary"
args=(-v --timeout=15m)
[ -z "${SHARD:-}" ] || export GINKGOPYTEST_SHARD=$SHARD
# Of a shard, or of what an earlier run has left, there may be nothing.
[ -n "${GINKGOPYTEST_SHARD:-}${GINKGOPYTEST_EARLIER:-}" ] || args+=(--fail-on-empty)
[ -z "${CI:-}${NO_COLOR:-}" ] || args+=(--no-color)
[ -z "${PROCS:-}" ] || args+=("--procs=$PROCS")
[ -z "${FOCUS:-}" ] || args+=("--focus=$FOCUS")
[ -z "${LABELS:-}" ] || args+=("--label-filter=$LABELS")
export E2E_RUN_ID
E2E_RUN_ID=$(date -u +%Y%m%d-%H%M%S)-$(od -An -N3 -tx1 /dev/urandom | tr -d " \n")
# shellcheck disable=SC2086 # several arguments in one variable
exec bin/ginkgopytest console "reports/${suite//\//-}/$E2E_RUN_ID/events.jsonl" \
	bin/ginkgo "${args[@]}" ${GINKGO_ARGS:-} "./$binary"

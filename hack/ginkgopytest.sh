#!/usr/bin/env bash
# Runs the command line ginkgopytest of this checkout.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p bin
go build -C bridge/ginkgopytest -o "$PWD/bin/ginkgopytest" ./cmd/ginkgopytest
exec bin/ginkgopytest "$@"

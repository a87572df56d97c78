#!/usr/bin/env bash
# Measures what making the reports of a large event log costs. Arguments go to the benchmark.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p bin
go build -C bridge/ginkgopytest -o "$PWD/bin/ginkgopytest" ./cmd/ginkgopytest
exec .venv/bin/python bridge/bench/bench_reports.py bin/ginkgopytest "$@"

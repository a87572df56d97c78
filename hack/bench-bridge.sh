#!/usr/bin/env bash
# Compares raw pytest with the whole bridge around it. Arguments go to the benchmark.
set -euo pipefail
cd "$(dirname "$0")/.."
exec .venv/bin/python bridge/bench/bench_bridge.py "$@"

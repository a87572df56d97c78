#!/usr/bin/env bash
# Measures what the plugin's event stream costs per test. Arguments go to the benchmark.
set -euo pipefail
cd "$(dirname "$0")/.."
exec .venv/bin/python bridge/bench/bench_events.py "$@"

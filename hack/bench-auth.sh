#!/usr/bin/env bash
# Measures what authentication costs DataStorage. Arguments go to kubernaut_bench.auth.
set -euo pipefail
cd "$(dirname "$0")/.."
exec .venv/bin/python -m kubernaut_bench.auth "$@"

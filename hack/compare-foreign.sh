#!/usr/bin/env bash
# Takes third-party pytest suites through the bridge and compares every outcome
# with raw pytest's. Arguments are folders of pytest projects.
set -euo pipefail
cd "$(dirname "$0")/.."
exec .venv/bin/python -m foreign "$@"

#!/usr/bin/env bash
# Runs the Go tests of the bridge, most of whose time is that of the pytest runs
# they start. Arguments go to go test.
set -euo pipefail
cd "$(dirname "$0")/.."
export PYTHON=$PWD/.venv-bridge/bin/python
exec go -C bridge/ginkgopytest test -timeout=30m -shuffle=on ./... "$@"

#!/usr/bin/env bash
# Everything that a run needs and git does not hold: the Python environments
# and the control plane, side by side.
set -euo pipefail
cd "$(dirname "$0")/.."
hack/doctor.sh --quiet
hack/controlplane.sh &
controlplane=$!
trap 'kill "$controlplane" 2>/dev/null || true' EXIT
hack/python-env.sh
wait "$controlplane"
trap - EXIT

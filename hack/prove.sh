#!/usr/bin/env bash
# Switches each guarantee off once and demands that the matching check goes red.
set -euo pipefail
cd "$(dirname "$0")/.."
export KUBEBUILDER_ASSETS=${KUBEBUILDER_ASSETS:-$PWD/bin/k8s/$(hack/k8s-version.sh)}
exec .venv/bin/python -m prove "$@"

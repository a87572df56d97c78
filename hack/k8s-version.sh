#!/usr/bin/env bash
# Prints the Kubernetes version that hack/controlplane/go.mod pins, without v.
set -euo pipefail
sed -n 's/^\tk8s.io\/kubernetes v//p' "$(dirname "$0")/controlplane/go.mod"

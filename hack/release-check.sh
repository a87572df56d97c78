#!/usr/bin/env bash
# Takes the steps of a release on this machine: builds what the tags would, installs
# the wheel into an empty environment, requires the modules from a file proxy, and
# follows the tutorial word for word.
set -euo pipefail
cd "$(dirname "$0")/.."
out=$(mktemp -d)
trap 'chmod -R u+w "$out"; rm -rf "$out"' EXIT
version=$(awk -F '"' '/^version = / { print $2 }' bridge/pytest-ginkgo/pyproject.toml)
hack/release-build.sh "pytest-ginkgo-v$version" "$out/dist"
hack/release-build.sh "bridge/ginkgopytest/v$version" "$out/proxy"
hack/release-build.sh "v$version" "$out/proxy"
.venv/bin/python hack/release_check.py "$version" "$out"
RELEASE_CHECK=1 .venv/bin/python -m pytest -q bridge/docs/tests

#!/usr/bin/env bash
# Lists the folders of the Go modules whose code is written here.
set -euo pipefail
cd "$(dirname "$0")/.."
git ls-files --cached --others --exclude-standard go.mod '*/go.mod' | grep -v '^hack/tools/\|/testdata/' | xargs -n1 dirname

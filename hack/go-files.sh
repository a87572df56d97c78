#!/usr/bin/env bash
# Lists the hand-written Go files.
set -euo pipefail
cd "$(dirname "$0")/.."
git ls-files --cached --others --exclude-standard '*.go' | grep -v '/oas_\|/zz_generated'

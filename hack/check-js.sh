#!/usr/bin/env bash
# Checks types, style and imports of the timeline page's modules and its style
# sheet. `--fix` repairs what can be repaired.
set -euo pipefail
cd "$(dirname "$0")/../bridge/ginkgopytest/timeline/page"
if ! command -v npm >/dev/null; then
	[ "${CI:-}" != true ] || {
		echo "check-js: npm is missing: install Node.js 20 or newer" >&2
		exit 1
	}
	echo "check-js: skipped, because npm is missing"
	exit
fi
# The tools are pinned by the lock file, and installed again when it changes.
if ! cmp -s package-lock.json node_modules/.installed-from; then
	npm ci --silent --no-audit --no-fund
	cp package-lock.json node_modules/.installed-from
fi
if [ "${1:-}" = --fix ]; then
	node_modules/.bin/biome check --write .
fi
node_modules/.bin/tsc --project .
node_modules/.bin/biome check --error-on-warnings .

#!/usr/bin/env bash
# Compares what each Python package imports with the dependencies that it declares:
# missing, unused and only indirect ones are errors.
set -uo pipefail
cd "$(dirname "$0")/.." || exit
deptry=$PWD/.venv/bin/deptry
status=0
checked=0
for project in bench/ datastorage/ holmesgpt-api/ {bridge,libs,test}/*/ */*/*/; do
	# The browser's tests have a lock and an environment of their own.
	[ -d "$project/src" ] && [ -f "$project/pyproject.toml" ] && [ "$project" != bridge/browser/ ] || continue
	checked=$((checked + 1))
	said=$(cd "$project" && "$deptry" --no-ansi src 2>&1) || {
		printf '%s:\n%s\n' "$project" "$said"
		status=1
	}
done
[ $checked -gt 5 ] || {
	echo "only $checked packages were found"
	status=1
}
exit $status

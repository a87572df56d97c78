#!/usr/bin/env bash
# Runs the unit tests of every Python package, and compares what they cover in
# all their processes with the floors in hack/coverage.toml. Arguments go to
# pytest, and then nothing is compared.
set -euo pipefail
cd "$(dirname "$0")/.."
export NESTED_PYTHON=$PWD/.venv-bridge/bin/python
tests=(libs/*/tests bridge/pytest-ginkgo/tests bridge/{docs,foreign}/tests test/services/mock-llm/tests
	{bench,datastorage,hack,test/prove}/tests holmesgpt-api/tests/{unit,fixtures/tests})
if [ $# -gt 0 ]; then
	exec .venv/bin/python -m pytest -q -n 2 "${tests[@]}" "$@"
fi
measured=$(mktemp -d)
trap 'rm -rf "$measured"' EXIT
COVERAGE_PROCESS_START=$PWD/pyproject.toml COVERAGE_FILE=$measured/data \
	.venv/bin/python -m pytest -q -n 2 "${tests[@]}"
.venv/bin/python -m coverage combine --quiet --data-file="$measured/data" "$measured"
.venv/bin/python -m coverage json --quiet --data-file="$measured/data" --include="$PWD/*" -o "$measured/coverage.json"
.venv/bin/python hack/check_coverage.py python "$measured/coverage.json"

#!/usr/bin/env bash
# Runs the unit tests of every Python package and compares what they cover with
# hack/coverage.toml. Arguments go to pytest; with any, coverage is not measured.
set -euo pipefail
cd "$(dirname "$0")/.."
tests=(
	libs/*/tests bridge/pytest-ginkgo/tests bridge/docs/tests test/services/mock-llm/tests
	{bench,datastorage,hack,test/prove}/tests holmesgpt-api/tests/{unit,fixtures/tests}
)
if [ $# -gt 0 ]; then
	exec .venv/bin/python -m pytest -q -n 2 "${tests[@]}" "$@"
fi
measured=$(mktemp -d)
trap 'rm -rf "$measured"' EXIT
export COVERAGE_FILE=$measured/data
.venv/bin/python -m coverage run -m pytest -q -n 2 "${tests[@]}"
.venv/bin/python -m coverage combine --quiet
.venv/bin/python -m coverage json --quiet -o "$measured/coverage.json"
.venv/bin/python hack/check_coverage.py python "$measured/coverage.json"

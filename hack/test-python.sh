#!/usr/bin/env bash
# Runs the unit tests of every Python package. Arguments go to pytest.
set -euo pipefail
cd "$(dirname "$0")/.."
export NESTED_PYTHON=$PWD/.venv-bridge/bin/python
exec .venv/bin/python -m pytest -q -n 2 \
	libs/*/tests bridge/pytest-ginkgo/tests bridge/docs/tests test/services/mock-llm/tests \
	{bench,datastorage,hack,test/prove}/tests holmesgpt-api/tests/{unit,fixtures/tests} "$@"

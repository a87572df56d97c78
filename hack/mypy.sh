#!/usr/bin/env bash
# Type-checks every Python package in strict mode, tests too.
set -uo pipefail
cd "$(dirname "$0")/.."
status=0
for part in datastorage holmesgpt-api python/kube-auth python/pytest-ginkgo python/service-base test/services/mock-llm; do
	MYPYPATH=$part/src .venv/bin/mypy --config-file pyproject.toml "$part/src" || status=1
	tests=$part/tests
	[ -d "$tests/unit" ] && tests=$tests/unit
	.venv/bin/mypy --config-file pyproject.toml "$tests" || status=1
done
MYPYPATH=holmesgpt-api/tests/e2e .venv/bin/mypy --config-file pyproject.toml holmesgpt-api/tests/e2e || status=1
[ ! -d holmesgpt-api/tests/support ] || MYPYPATH=holmesgpt-api/tests/e2e .venv/bin/mypy --config-file pyproject.toml holmesgpt-api/tests/support || status=1
MYPYPATH=test/stampede/naive .venv/bin/mypy --config-file pyproject.toml test/stampede/naive || status=1
MYPYPATH=hack .venv/bin/mypy --config-file pyproject.toml hack/*.py hack/prove || status=1
exit $status

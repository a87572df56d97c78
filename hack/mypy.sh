#!/usr/bin/env bash
# Type-checks every Python package in strict mode, tests too.
set -uo pipefail
cd "$(dirname "$0")/.."
status=0
for part in datastorage holmesgpt-api python/kube-auth python/pytest-ginkgo python/service-base test/services/mock-llm; do
	MYPYPATH=$part/src .venv/bin/mypy --config-file pyproject.toml "$part/src" || status=1
	.venv/bin/mypy --config-file pyproject.toml "$part/tests" || status=1
done
exit $status

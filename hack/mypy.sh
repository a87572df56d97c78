#!/usr/bin/env bash
# Type-checks every Python package in strict mode, tests too.
set -uo pipefail
cd "$(dirname "$0")/.."
status=0
for part in datastorage holmesgpt-api libs/kube-auth bridge/pytest-ginkgo libs/service-base test/services/mock-llm; do
	MYPYPATH=$part/src .venv/bin/mypy --config-file pyproject.toml "$part/src" || status=1
	tests=$part/tests
	[ -d "$tests/unit" ] && tests=$tests/unit
	.venv/bin/mypy --config-file pyproject.toml "$tests" || status=1
done
own=holmesgpt-api/tests
for tests in e2e fixtures support; do
	MYPYPATH=$own/e2e:$own/fixtures:$own/fixtures/worker_aware:$own/support .venv/bin/mypy --config-file pyproject.toml "$own/$tests" || status=1
done
bench=bench/bootstrap:bench/bootstrap/project:$own/fixtures:$own/fixtures/worker_aware:$own/e2e
MYPYPATH=$bench .venv/bin/mypy --config-file pyproject.toml bench/bootstrap/*.py bench/bootstrap/project/*.py || status=1
MYPYPATH=.:$bench .venv/bin/mypy --config-file pyproject.toml bench/bootstrap/strategies || status=1
MYPYPATH=$bench .venv/bin/mypy --config-file pyproject.toml bench/bootstrap/tests || status=1
MYPYPATH=test/stampede/naive .venv/bin/mypy --config-file pyproject.toml test/stampede/naive || status=1
MYPYPATH=test .venv/bin/mypy --config-file pyproject.toml test/prove || status=1
.venv/bin/mypy --config-file pyproject.toml hack/*.py hack/tests bridge/foreign bridge/bench bridge/docs/tests || status=1
.venv/bin/mypy --config-file pyproject.toml bench/auth || status=1
exit $status

#!/usr/bin/env bash
# Type-checks all Python code of the repository in strict mode, tests too. Modules
# of the packages are found as Python finds them: installed. Folders of tests have
# modules of the same names (conftest), so that each is a run of its own; they run
# side by side, after the packages have filled the cache.
set -uo pipefail
cd "$(dirname "$0")/.." || exit
check() { .venv/bin/mypy --config-file pyproject.toml --no-error-summary "$@"; }
export -f check
status=0
check {bench,datastorage,holmesgpt-api,holmesgpt-api/tests/fixtures,libs/kube-auth,libs/service-base}/src \
	{bridge/foreign,bridge/pytest-ginkgo,test/prove,test/services/mock-llm}/src hack/*.py bridge/bench/*.py \
	--exclude /strategies/ || status=1
printf '%s\n' {bench,datastorage,hack,holmesgpt-api/tests/fixtures,libs/kube-auth,libs/service-base}/tests \
	{bridge/docs,bridge/foreign,bridge/pytest-ginkgo,test/prove,test/services/mock-llm}/tests \
	holmesgpt-api/tests/{e2e,integration,unit,fixtures/worker_aware} test/stampede/naive bench/src/kubernaut_bench/bootstrap/strategies/* |
	xargs -P "$(nproc)" -I{} bash -c 'check {}' || status=1
exit $status

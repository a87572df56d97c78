#!/usr/bin/env bash
# Runs the unit tests of every Python package. Arguments go to pytest.
set -euo pipefail
cd "$(dirname "$0")/.."
.venv/bin/python -m pytest -q -n 2 \
	libs/service-base/tests libs/kube-auth/tests bridge/pytest-ginkgo/tests test/services/mock-llm/tests \
	datastorage/tests holmesgpt-api/tests/unit holmesgpt-api/tests/support bench/bootstrap/tests hack/tests test/prove/tests bridge/docs/tests "$@"

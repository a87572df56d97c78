#!/usr/bin/env bash
# Runs the unit tests of every Python package. Arguments go to pytest.
set -euo pipefail
cd "$(dirname "$0")/.."
.venv/bin/python -m pytest -q -n 2 {bench,datastorage,hack}/tests \
	holmesgpt-api/tests/{unit,fixtures/tests} libs/{kube-auth,service-base}/tests \
	bridge/{docs,pytest-ginkgo}/tests test/prove/tests test/services/mock-llm/tests "$@"

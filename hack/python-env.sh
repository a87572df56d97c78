#!/usr/bin/env bash
# Brings the Python environments to uv.lock: .venv (services and developers'
# tools), .venv-e2e (the lean one of the end-to-end tests), .venv-cases (the
# plugins with which the bridge's verdicts are tried) and .venv-fuzz (schemathesis).
set -euo pipefail
cd "$(dirname "$0")/.."
sources=(uv.lock pyproject.toml */pyproject.toml {libs,bridge,test}/*/pyproject.toml */*/*/pyproject.toml)
wanted=$(cat "${sources[@]}" hack/python-env.sh | sha256sum | cut -d' ' -f1)
if [ "$(cat .venv/kubernaut-lock 2>/dev/null)" = "$wanted" ] && [ -x .venv-e2e/bin/pytest ] && [ -x .venv-cases/bin/pytest ] && [ -x .venv-fuzz/bin/schemathesis ]; then
	exit 0
fi
started=$SECONDS
python=$(hack/python.sh)
echo "python: installing from uv.lock ..."
UV_PROJECT_ENVIRONMENT=.venv hack/uv.sh sync --quiet --frozen --python "$python" --group services --group dev
UV_PROJECT_ENVIRONMENT=.venv-e2e hack/uv.sh sync --quiet --frozen --python "$python" --only-group e2e
UV_PROJECT_ENVIRONMENT=.venv-cases hack/uv.sh sync --quiet --frozen --python "$python" --only-group cases
UV_PROJECT_ENVIRONMENT=.venv-fuzz hack/uv.sh sync --quiet --frozen --python "$python" --only-group fuzz
echo "$wanted" >.venv/kubernaut-lock
echo "python: environments ready in $((SECONDS - started)) s"

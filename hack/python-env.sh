#!/usr/bin/env bash
# Brings the Python environments to uv.lock: .venv (services and developers'
# tools), .venv-e2e (the lean one of the end-to-end tests), .venv-bridge (that of
# the pytest runs in the bridge's tests), .venv-cases (the plugins with which the
# bridge's verdicts are tried) and .venv-fuzz (schemathesis).
set -euo pipefail
cd "$(dirname "$0")/.."
lean=(e2e bridge cases fuzz)
sources=(uv.lock pyproject.toml */pyproject.toml {libs,bridge,test}/*/pyproject.toml */*/*/pyproject.toml)
wanted=$(cat "${sources[@]}" hack/python-env.sh | sha256sum | cut -d' ' -f1)

ready() {
	[ "$(cat .venv/kubernaut-lock 2>/dev/null)" = "$wanted" ] || return 1
	for group in "${lean[@]}"; do
		[ -x ".venv-$group/bin/python" ] || return 1
	done
}

ready && exit 0
started=$SECONDS
python=$(hack/python.sh)
echo "python: installing from uv.lock ..."
UV_PROJECT_ENVIRONMENT=.venv hack/uv.sh sync --quiet --frozen --python "$python" --group services --group dev
for group in "${lean[@]}"; do
	UV_PROJECT_ENVIRONMENT=.venv-$group hack/uv.sh sync --quiet --frozen --python "$python" --only-group "$group"
done
echo "$wanted" >.venv/kubernaut-lock
echo "python: environments ready in $((SECONDS - started)) s"

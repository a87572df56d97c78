#!/usr/bin/env bash
# Runs uv: the one on PATH, else a pinned one in bin/uv, installed on first use.
set -euo pipefail
cd "$(dirname "$0")/.."
UV_VERSION=0.13.9
export UV_PYTHON_DOWNLOADS=never UV_COMPILE_BYTECODE=1 UV_NO_PROGRESS=1
if command -v uv >/dev/null; then
	exec uv "$@"
fi
if [ ! -x bin/uv/bin/uv ]; then
	"$(hack/python.sh)" -m venv bin/uv
	bin/uv/bin/python -m pip install --quiet --disable-pip-version-check "uv==$UV_VERSION"
fi
exec bin/uv/bin/uv "$@"

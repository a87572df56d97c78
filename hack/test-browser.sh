#!/usr/bin/env bash
# Opens timeline.html of real and generated runs in headless Chromium and
# compares what is drawn with the event log. Arguments go to pytest.
set -euo pipefail
cd "$(dirname "$0")/.."
find_chromium() {
	local candidate
	for candidate in ${CHROMIUM:-chromium chromium-browser google-chrome}; do
		command -v "$candidate" && return
	done
}
if [ -z "$(find_chromium)" ]; then
	if [ -n "${CHROMIUM:-}" ]; then
		echo "test-browser: CHROMIUM is $CHROMIUM, which is no program: correct or unset it" >&2
		exit 1
	elif [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
		echo "browser: installing chromium ..."
		apt-get update -qq
		DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null
	else
		echo "test-browser: no Chromium on PATH: install the package chromium (Debian: apt-get install chromium), or set CHROMIUM" >&2
		exit 1
	fi
fi
CHROMIUM=$(find_chromium)
export CHROMIUM
UV_PROJECT_ENVIRONMENT=$PWD/.venv-browser hack/uv.sh sync --quiet --locked --python "$(hack/python.sh)" --project bridge/browser
.venv/bin/mypy --config-file pyproject.toml --python-executable .venv-browser/bin/python bridge/browser/src bridge/browser/tests
mkdir -p bin
go build -C bridge/ginkgopytest -o "$PWD/bin/ginkgopytest" ./cmd/ginkgopytest
exec .venv-browser/bin/python -m pytest -q -c bridge/browser/pyproject.toml --rootdir bridge/browser bridge/browser/tests "$@"

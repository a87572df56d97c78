#!/usr/bin/env bash
# Runs every static check, names each one that fails, and changes nothing.
set -uo pipefail
cd "$(dirname "$0")/.."
failed=()
step() {
	local name=$1
	shift
	if output=$("$@" 2>&1); then
		echo "ok    $name"
	else
		echo "FAIL  $name"
		sed 's/^/      /' <<<"$output"
		failed+=("$name")
	fi
}
gofmt_clean() {
	local dirty
	dirty=$(gofmt -l $(hack/go-files.sh))
	[ -z "$dirty" ] || {
		echo "$dirty"
		return 1
	}
}
step ruff-check .venv/bin/ruff check .
step ruff-format .venv/bin/ruff format --check .
step mypy hack/mypy.sh
step gofmt gofmt_clean
step go-vet go vet ./...
step go-vet-bridge go -C bridge/ginkgopytest vet ./... ./testdata/nested
step go-vet-chaos go -C test/chaos vet ./...
step staticcheck go tool -modfile=hack/tools/go.mod staticcheck ./test/...
step staticcheck-bridge go -C bridge/ginkgopytest tool -modfile=../../hack/tools/go.mod staticcheck ./... ./testdata/nested
step staticcheck-chaos go -C test/chaos tool -modfile=../../hack/tools/go.mod staticcheck ./...
step lock hack/uv.sh lock --check --offline
step generated hack/check-generated.sh
step style .venv/bin/python hack/style.py
step docs .venv/bin/python hack/check_docs.py

if [ ${#failed[@]} -gt 0 ]; then
	echo "check: ${#failed[@]} failed: ${failed[*]}; \`make fix\` repairs formatting and generated code"
	exit 1
fi

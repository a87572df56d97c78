#!/usr/bin/env bash
# Runs every static check, as many side by side as there are cores, names each
# one that fails, and changes nothing. Arguments choose steps by name.
set -euo pipefail
cd "$(dirname "$0")/.."
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
trap 'kill $(jobs -p) 2>/dev/null; exit 130' INT TERM
wanted=("$@")
names=()
running=0

step() {
	local name=$1 file=$results/${1//\//_}
	shift
	[ ${#wanted[@]} -eq 0 ] || [[ " ${wanted[*]} " == *" $name "* ]] || return 0
	names+=("$name")
	if [ "$running" -ge "$(nproc 2>/dev/null || echo 2)" ]; then
		wait -n || true
		running=$((running - 1))
	fi
	{
		started=$SECONDS
		status=0
		"$@" >"$file.out" 2>&1 || status=$?
		echo "$status $((SECONDS - started))" >"$file"
	} &
	running=$((running + 1))
}

gofmt_clean() {
	local dirty
	dirty=$(hack/go-files.sh | xargs gofmt -l)
	[ -z "$dirty" ] || {
		echo "$dirty"
		return 1
	}
}

shell_clean() {
	git ls-files --cached --others --exclude-standard '*.sh' .ci/run | xargs .venv/bin/shellcheck
}

tool() {
	local module=$1
	shift
	go -C "$module" tool "-modfile=$PWD/hack/tools/go.mod" "$@"
}

# The slow ones come first, so that they overlap with all that follow.
step deadcode hack/check-deadcode.sh
step dependencies hack/check-deps.sh
step mypy hack/mypy.sh
while read -r module; do
	# Three files over all of Kubernetes take either minutes; make setup compiles them.
	[ "$module" != hack/controlplane ] || continue
	step "vet:$module" go -C "$module" vet ./...
	step "staticcheck:$module" tool "$module" staticcheck ./...
done < <(hack/go-modules.sh)
step generated hack/check-generated.sh
step ruff-check .venv/bin/ruff check .
step ruff-format .venv/bin/ruff format --check .
step gofmt gofmt_clean
step shellcheck shell_clean
step timeline-page hack/check-js.sh
step lock hack/uv.sh lock --check --offline
step style .venv/bin/python hack/style.py
step docs .venv/bin/python hack/check_docs.py
wait

[ ${#names[@]} -gt 0 ] || {
	echo "check: no step is called ${wanted[*]}" >&2
	exit 2
}
failed=()
for name in "${names[@]}"; do
	read -r status seconds <"$results/${name//\//_}" || status=1
	if [ "$status" = 0 ]; then
		printf 'ok    %s\n' "$name"
		continue
	fi
	failed+=("$name")
	printf 'FAIL  %s (%s s)\n' "$name" "$seconds"
	while IFS= read -r line; do printf '      %s\n' "$line"; done <"$results/${name//\//_}.out"
done
if [ ${#failed[@]} -gt 0 ]; then
	echo "check: ${#failed[@]} failed: ${failed[*]}; \`make fix\` repairs formatting and generated code"
	exit 1
fi

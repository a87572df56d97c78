#!/usr/bin/env bash
# Looks for inputs that break a promise, longer than the unit tests do: each Go
# fuzz function for FUZZ_SECONDS, schemathesis and Hypothesis with FUZZ_EXAMPLES.
set -euo pipefail
cd "$(dirname "$0")/.."
export KUBEBUILDER_ASSETS=${KUBEBUILDER_ASSETS:-$PWD/bin/k8s/$(hack/k8s-version.sh)}
seconds=${FUZZ_SECONDS:-60}
export FUZZ_EXAMPLES=${FUZZ_EXAMPLES:-300}
found=0
while read -r package; do
	for name in $(go test -list '^Fuzz' "$package" | grep '^Fuzz' || true); do
		found=$((found + 1))
		go test -run '^$' -fuzz "^$name\$" -fuzztime "${seconds}s" -fuzzminimizetime 1s "$package"
	done
done < <(git grep -l '^func Fuzz' -- 'test/*_test.go' | xargs -n1 dirname | sort -u | sed 's|^|./|')
[ "$found" -gt 0 ] || {
	echo "no fuzz function was found"
	exit 1
}
exec .venv/bin/python -m pytest -q -n 2 datastorage/tests/test_{contract,properties}.py \
	holmesgpt-api/tests/unit/test_contract.py "$@"

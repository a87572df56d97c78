#!/usr/bin/env bash
# Runs the plugin's version tests on each interpreter of this machine with old and
# new versions of pytest and xdist, and writes the table for the documents.
set -euo pipefail
cd "$(dirname "$0")/.."
page=bridge/docs/reference/versions.md
rows=()
status=0

# interpreter prints the path of a version of CPython, if this machine has it.
interpreter() {
	local candidate
	for candidate in "python$1" "$(pyenv root 2>/dev/null)/versions/$1".*/bin/python; do
		if "$candidate" -c "" 2>/dev/null; then
			command -v "$candidate"
			return
		fi
	done
	return 1
}

# try installs the packages for a CPython and runs the tests.
try() {
	local version=$1 pytest=$2 xdist=$3 result python env
	if ! python=$(interpreter "$version"); then
		result="not tested: no interpreter"
	else
		env=bin/matrix/$version-$pytest-$xdist
		local packages=("pytest==$pytest" jsonschema==4.25.1 bin/matrix/dist/*.whl)
		[ "$xdist" = none ] || packages+=("pytest-xdist==$xdist")
		hack/uv.sh venv --quiet --clear --python "$python" "$env"
		hack/uv.sh pip install --quiet --python "$env/bin/python" "${packages[@]}"
		if "$env/bin/python" -m pytest -q -p no:cacheprovider -c /dev/null --rootdir bridge/pytest-ginkgo \
			bridge/pytest-ginkgo/tests/test_versions.py >"$env/output.txt" 2>&1; then
			result=passed
		else
			result=failed
			status=1
			tail -n 20 "$env/output.txt"
		fi
	fi
	echo "CPython $version, pytest $pytest, xdist $xdist: $result"
	rows+=("| $version | $pytest | $xdist | $result |")
}

hack/uv.sh build --quiet --wheel --out-dir bin/matrix/dist --clear --python "$(hack/python.sh)" bridge/pytest-ginkgo
try 3.9 7.4.4 3.5.0
try 3.9 8.4.2 none
try 3.10 8.0.2 3.6.1
try 3.11 8.4.2 3.8.0
try 3.12 9.0.2 3.8.0
try 3.13 9.2.0 3.8.0
try 3.13 9.2.0 none
try 3.14 9.2.0 3.8.0

{
	cat <<'TEXT'
# Versions

Written by `make test-matrix`: `bridge/pytest-ginkgo/tests/test_versions.py` on the
interpreters of the machine that ran it. xdist `none` means that it is not installed.

| CPython | pytest | pytest-xdist | result |
|---|---|---|---|
TEXT
	printf '%s\n' "${rows[@]}"
} >"$page"
exit $status

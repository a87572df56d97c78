#!/usr/bin/env bash
# Prints the CPython 3.11 to 3.13 that the environments are built from.
# PYTHON names another one. HolmesGPT does not support 3.14.
set -euo pipefail
# uv that is not on PATH is installed into an environment of its own. Debian has
# venv without ensurepip, so that only the latter tells whether one can be made.
needed="sys, venv, ensurepip"
! command -v uv >/dev/null || needed=sys
for candidate in ${PYTHON:-} python3 python3.13 python3.12 python3.11; do
	if command -v "$candidate" >/dev/null &&
		"$candidate" -c "import $needed; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))" 2>/dev/null; then
		"$candidate" -c 'import sys; print(sys.executable)'
		exit 0
	fi
done
echo "no CPython 3.11, 3.12 or 3.13 with venv on PATH; install one or set PYTHON" >&2
exit 1

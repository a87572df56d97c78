#!/usr/bin/env bash
# Says what the machine lacks and how to get it. Silent with --quiet when all is well.
set -u
cd "$(dirname "$0")/.." || exit
quiet=${1:-}
missing=0
say() { [ "$quiet" = --quiet ] || echo "ok       $1"; }
lack() {
	echo "missing  $1" >&2
	missing=1
}

go_wanted=$(sed -n 's/^go //p' go.mod)
if ! command -v go >/dev/null; then
	lack "Go $go_wanted or newer: install it from your distribution or go.dev/dl and put it on PATH"
elif [ "$(printf '%s\n' "$go_wanted" "$(go env GOVERSION | sed 's/^go//')" | sort -V | head -1)" != "$go_wanted" ]; then
	lack "Go $go_wanted or newer: this is $(go env GOVERSION)"
else
	say "$(go env GOVERSION)"
fi
if python=$(hack/python.sh 2>/dev/null); then
	say "$("$python" --version)"
else
	lack "CPython 3.11, 3.12 or 3.13 with venv (Debian: apt install python3-venv); PYTHON=/path/to/python chooses one"
fi
if ! make --version 2>/dev/null | grep -q '^GNU Make'; then
	lack "GNU make"
else
	say "$(make --version | head -1)"
fi
case $(uname -s) in
Linux) say "Linux" ;;
*) echo "warning  $(uname -s) is best effort: the stack is tested on Linux" >&2 ;;
esac
free_kib=$(df -Pk . | awk 'NR == 2 { print $4 }')
if [ "$free_kib" -lt 4000000 ]; then
	lack "4 GB of free disk space here: $((free_kib / 1024)) MB are left"
else
	say "$((free_kib / 1024 / 1024)) GB of free disk space"
fi
exit $missing

#!/usr/bin/env bash
# Fails, and names the functions, if there is Go code that neither a command nor
# a test reaches. Each module is judged by its own commands and tests; the
# bridge's by those of the suites below testdata, too, which run as children.
# The control plane is three files over all of Kubernetes, which takes minutes to read.
set -euo pipefail
cd "$(dirname "$0")/.."
tools=$PWD/hack/tools/go.mod
found=0
while read -r module; do
	[ "$module" != hack/controlplane ] || continue
	packages=(./...)
	[ ! -d "$module/testdata/nested" ] || packages+=(./testdata/nested)
	# Other modules of this repository are in the build, and judged on their own.
	own=$(go -C "$module" list "${packages[@]}" | paste -sd '|')
	dead=$(go -C "$module" tool "-modfile=$tools" deadcode -test -filter "^($own)\$" "${packages[@]}")
	[ -z "$dead" ] || {
		echo "$dead"
		found=1
	}
done < <(hack/go-modules.sh)
exit "$found"

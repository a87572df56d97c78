#!/usr/bin/env bash
# Writes a CycloneDX bill of materials for each service, from uv.lock, and one for
# the Go modules, from go.mod and go.sum, to reports/sbom. An empty one is an error.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=reports/sbom
mkdir -p "$folder"
for package in datastorage holmesgpt-api kube-auth mock-llm; do
	hack/uv.sh export --quiet --frozen --preview-features sbom-export --format cyclonedx1.5 \
		--no-dev --package "$package" --output-file "$folder/$package.cdx.json" >/dev/null
done
# Those that others can require; the rest is tests.
for module in . bridge/ginkgopytest; do
	name=go-$(basename "$module")
	[ "$module" != . ] || name=go
	go -C "$module" tool "-modfile=$PWD/hack/tools/go.mod" cyclonedx-gomod mod -json -output-version 1.5 \
		-output "$PWD/$folder/$name.cdx.json" . 2>/dev/null
done
exec .venv/bin/python hack/check_sbom.py "$folder"

#!/usr/bin/env bash
# Fails, and names the files, if generated code is not what api/ yields.
set -euo pipefail
cd "$(dirname "$0")/.."
fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT
hack/generate.sh "$fresh"
generated() {
	(cd "$1" && find api/aianalysis config pkg datastorage/src holmesgpt-api/src bridge/docs/reference bridge/ginkgopytest/events \
		bridge/ginkgopytest/timeline/page -path '*/node_modules' -prune -o \
		\( -name 'oas_*_gen.go' -o -name _generated.py -o -name event-log.md -o -name event-log.schema.json -o -name bundle.js \
		-o -name zz_generated.deepcopy.go -o -path 'config/crd/*.yaml' -o -path config/rbac/role.yaml \) -print 2>/dev/null | sort)
}
stale=0
while read -r file; do
	cmp -s "$file" "$fresh/$file" || {
		echo "stale: $file; run \`make generate\`" >&2
		stale=1
	}
done < <({ generated . || true; generated "$fresh" || true; } | sort -u)
exit "$stale"

#!/usr/bin/env bash
# Asks the vulnerability databases about everything that uv.lock and go.mod pin. Each
# auditor first has to find a known hole: one that cannot reach its database reports
# nothing, and would pass.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

pip_audit() {
	hack/uv.sh tool run --quiet --from pip-audit==2.10.1 pip-audit --progress-spinner off --aliases on --disable-pip --no-deps "$@"
}

govulncheck() {
	go -C "$1" run golang.org/x/vuln/cmd/govulncheck@v1.9.0 ./...
}

# Path of the auditor's output, then the id that has to be in it.
found() {
	grep -q "$2" "$1" || {
		cat "$1"
		echo "audit: $2, a known hole, was not found: the database cannot be reached, so nothing was audited"
		exit 1
	}
}

echo 'jinja2==2.4.1' >"$folder/canary.txt"
pip_audit --requirement "$folder/canary.txt" >"$folder/python" 2>&1 || true
found "$folder/python" CVE-2014-1402

mkdir "$folder/canary"
cat >"$folder/canary/main.go" <<'GO'
package main

import "golang.org/x/text/language"

func main() { _, _, _ = language.ParseAcceptLanguage("") }
GO
cat >"$folder/canary/go.mod" <<'GO'
module canary

go 1.26.0

require golang.org/x/text v0.3.6
GO
(cd "$folder/canary" && go mod tidy -e >/dev/null 2>&1) || true
govulncheck "$folder/canary" >"$folder/go" 2>&1 || true
found "$folder/go" GO-2021-0113

hack/uv.sh export --quiet --frozen --all-packages --all-groups --no-emit-workspace --no-hashes --output-file "$folder/all.txt" >/dev/null
status=0
pip_audit --requirement "$folder/all.txt" || status=1
while read -r module; do
	govulncheck "$module" || status=1
done < <(hack/go-modules.sh | grep -v '^hack/controlplane$')
exit "$status"

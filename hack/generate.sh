#!/usr/bin/env bash
# Regenerates the Go clients, the Python models and what shows the event log from
# api/, the custom resource and the controller's rights from the markers of their Go
# code, and the script of the timeline page. With a folder as argument everything
# goes there instead, under the same paths.
set -euo pipefail
cd "$(dirname "$0")/.."
out=${1:-.}

client() {
	local contract=$1 package=$2 target=$out/$3 log
	mkdir -p "$target"
	log=$(go tool -modfile=hack/tools/go.mod ogen --config hack/tools/ogen.yml \
		--target "$target" --package "$package" --clean "api/$contract.yaml" 2>&1) || {
		echo "$log" >&2
		return 1
	}
}

# The page's modules in one script: a file that is opened from a disk may not import.
bundle() {
	local page=bridge/ginkgopytest/timeline/page
	mkdir -p "$out/$page"
	go tool -modfile=hack/tools/go.mod esbuild "$page/main.js" --bundle --format=iife --target=es2022 \
		--log-level=warning --outfile="$out/$page/bundle.js" \
		"--banner:js=// Generated from the modules beside this file by make generate; do not edit."
}

models() {
	local contract=$1 target=$out/$2
	shift 2
	mkdir -p "$(dirname "$target")"
	.venv/bin/datamodel-codegen --input "api/$contract.yaml" --input-file-type openapi \
		--output "$target" --output-model-type pydantic_v2.BaseModel \
		--target-python-version 3.11 --use-annotated --use-union-operator \
		--use-standard-collections --strict-nullable "$@" --enum-field-as-literal all \
		--output-datetime-class AwareDatetime --extra-fields ignore \
		--disable-timestamp --formatters builtin \
		--custom-file-header "\"\"\"Generated from api/$contract.yaml by make generate; do not edit.\"\"\""
}

controller() {
	local generator=(go tool "-modfile=hack/tools/go.mod" controller-gen)
	"${generator[@]}" object paths=./api/aianalysis/... "output:dir=$out/api/aianalysis/v1alpha1"
	"${generator[@]}" crd:allowDangerousTypes=true paths=./api/aianalysis/... "output:crd:dir=$out/config/crd"
	"${generator[@]}" rbac:roleName=aianalysis-controller paths=./internal/aianalysis/... "output:rbac:dir=$out/config/rbac"
}

client datastorage ogenclient pkg/datastorage/ogen-client
client holmesgpt-api client pkg/holmesgpt/client
models datastorage datastorage/src/datastorage/models/_generated.py --collapse-root-models
models holmesgpt-api holmesgpt-api/src/holmesgpt_api/models/_generated.py --use-type-alias
.venv/bin/python hack/event_log.py "$out"
bundle
controller

#!/usr/bin/env bash
# Builds what a tag releases, from the commit that is checked out, into a folder:
# of pytest-ginkgo-vX the wheel and the sdist, of bridge/ginkgopytest/vX the files
# that a Go module proxy serves (info, mod, zip).
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# = 2 ] || {
	echo "usage: hack/release-build.sh pytest-ginkgo-vX|bridge/ginkgopytest/vX FOLDER" >&2
	exit 2
}
tag=$1
mkdir -p "$2"
out=$(cd "$2" && pwd)

# module writes the files of a module, whose own modules are not part of it.
module() {
	local folder=$1 version=$2 path target nested
	path=$(awk '$1 == "module" { print $2 }' "$folder/go.mod")
	target=$out/$path/@v
	mkdir -p "$target"
	local excluded=()
	while read -r nested; do
		excluded+=(":(exclude)${nested%/go.mod}")
	done < <(cd "$folder" && git ls-files '*/go.mod')
	git show "HEAD:./$folder/go.mod" >"$target/$version.mod"
	(cd "$folder" && git archive --format=zip --prefix="$path@$version/" -o "$target/$version.zip" HEAD -- . "${excluded[@]}")
	printf '{"Version":"%s","Time":"%s"}\n' "$version" "$(TZ=UTC0 git log -1 --date=format-local:%Y-%m-%dT%H:%M:%SZ --format=%cd)" >"$target/$version.info"
	echo "$version" >"$target/list"
}

case $tag in
pytest-ginkgo-v*)
	declared=$(awk -F '"' '/^version = / { print $2 }' bridge/pytest-ginkgo/pyproject.toml)
	[ "$tag" = "pytest-ginkgo-v$declared" ] || {
		echo "the tag is $tag, bridge/pytest-ginkgo/pyproject.toml has version $declared" >&2
		exit 1
	}
	hack/uv.sh build --quiet --python "$(hack/python.sh)" --out-dir "$out" "$PWD/bridge/pytest-ginkgo"
	;;
bridge/ginkgopytest/v*) module bridge/ginkgopytest "${tag##*/}" ;;
# The root is released with the repository; what depends on it is tried too.
v*) module . "$tag" ;;
*)
	echo "$tag is no tag of a release" >&2
	exit 2
	;;
esac

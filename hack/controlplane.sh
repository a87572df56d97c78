#!/usr/bin/env bash
# Builds etcd, kube-apiserver and kubectl into bin/k8s/<version>, once.
# Nothing is built when KUBEBUILDER_ASSETS names a folder that has them.
set -euo pipefail
cd "$(dirname "$0")/.."
version=$(hack/k8s-version.sh)
if [ -n "${KUBEBUILDER_ASSETS:-}" ]; then
	for name in etcd kube-apiserver; do
		[ -x "$KUBEBUILDER_ASSETS/$name" ] || {
			echo "KUBEBUILDER_ASSETS=$KUBEBUILDER_ASSETS has no $name; unset it or correct it" >&2
			exit 1
		}
	done
	exit 0
fi
target=bin/k8s/$version
stamp=$(cat hack/controlplane/*.go hack/controlplane/go.* | sha256sum | cut -d' ' -f1)
[ "$(cat "$target/sources" 2>/dev/null)" = "$stamp" ] && exit 0

started=$SECONDS
echo "control plane: building Kubernetes v$version (some minutes the first time) ..."
mkdir -p "$target"
IFS=. read -r major minor _ <<<"$version"
info=k8s.io/component-base/version
(cd hack/controlplane && CGO_ENABLED=0 go build -trimpath -o "../../$target/controlplane.new" -ldflags \
	"-s -w -X $info.gitVersion=v$version -X $info.gitMajor=$major -X $info.gitMinor=$minor" .) &
build=$!
# Cancelled with the script, so that Ctrl-C leaves no compiler behind.
trap 'kill "$build" 2>/dev/null || true' EXIT
while kill -0 "$build" 2>/dev/null; do
	for _ in {1..20}; do
		kill -0 "$build" 2>/dev/null || break
		sleep 1
	done
	kill -0 "$build" 2>/dev/null && echo "control plane: still building, $((SECONDS - started)) s"
done
wait "$build"
for name in etcd kube-apiserver kubectl; do
	ln -f "$target/controlplane.new" "$target/$name"
done
rm "$target/controlplane.new"
echo "$stamp" >"$target/sources"
echo "control plane: built in $((SECONDS - started)) s, $(du -sh "$target" | cut -f1)"

#!/usr/bin/env bash
# Compares ways to seed for many pytest workers. Arguments go to kubernaut_bench.bootstrap.
# What only the benchmark needs is installed into an environment of its own.
set -euo pipefail
cd "$(dirname "$0")/.."
export KUBEBUILDER_ASSETS=${KUBEBUILDER_ASSETS:-$PWD/bin/k8s/$(hack/k8s-version.sh)}
UV_PROJECT_ENVIRONMENT=.venv-bench hack/uv.sh sync --quiet --frozen --python "$(hack/python.sh)" --only-group bench
go build -o bin/bench-seed ./bench/seed
exec .venv-bench/bin/python -m kubernaut_bench.bootstrap "$@"

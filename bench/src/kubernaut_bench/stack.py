"""The embedded stack with DataStorage, up for as long as a benchmark needs it."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]
STOP_SECONDS = 60

# What stack-up tells: URLs, logs, process ids, and the files of kubeconfig and token.
HandOver = dict[str, Any]


class BenchError(Exception):
    """A part did not come up or did not answer as it must."""


@contextmanager
def stack() -> Iterator[HandOver]:
    """Start API server, etcd, PostgreSQL and DataStorage; they end with the block."""
    with subprocess.Popen(
        ["go", "run", "./test/infrastructure/stack/cmd/stack-up"],
        cwd=ROOT,
        env=os.environ | {"KUBEBUILDER_ASSETS": str(assets())},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            line = process.stdout.readline()
            if not line:
                raise BenchError("stack-up ended without a word; its error is above")
            yield json.loads(line)
        finally:
            process.stdin.close()
            process.wait(STOP_SECONDS)


def assets() -> Path:
    """The folder with the control plane's binaries."""
    given = os.environ.get("KUBEBUILDER_ASSETS")
    if given:
        return Path(given)
    version = subprocess.run(
        ["hack/k8s-version.sh"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.strip()
    return ROOT / "bin" / "k8s" / version

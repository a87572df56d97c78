"""gw0 seeds, the others sleep and hope; then they look the ids up."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from kubernaut_bench.bootstrap.support import clean_up, seed


@pytest.fixture(scope="session")
def workflow_ids(worker_id: str) -> Iterator[dict[str, str]]:
    if worker_id not in ("gw0", "master"):
        time.sleep(15)
        yield _catalogue()
        return
    yield seed()
    clean_up()


def _catalogue() -> dict[str, str]:
    env = os.environ
    token = Path(env["DATA_STORAGE_TOKEN_FILE"]).read_text().strip()
    answer = requests.get(
        f"{env['DATA_STORAGE_URL']}/api/v1/workflows",
        params={"limit": env["BENCH_WORKFLOW_COUNT"]},
        headers={"Authorization": f"Bearer {token}"},
        timeout=30,
    )
    answer.raise_for_status()
    mine = [w for w in answer.json()["workflows"] if w["version"] == env["BENCH_VERSION"]]
    return {workflow["workflow_name"]: workflow["workflow_id"] for workflow in mine}

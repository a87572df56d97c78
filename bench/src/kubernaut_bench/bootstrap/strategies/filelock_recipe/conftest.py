"""The recipe of pytest-xdist's documentation: a lock around a file."""

import json

import pytest
from filelock import FileLock
from kubernaut_bench.bootstrap.support import seed


@pytest.fixture(scope="session")
def workflow_ids(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> dict[str, str]:
    if worker_id == "master":
        return seed()
    file = tmp_path_factory.getbasetemp().parent / "data.json"
    with FileLock(f"{file}.lock"):
        if file.is_file():
            ids: dict[str, str] = json.loads(file.read_text())
        else:
            ids = seed()
            file.write_text(json.dumps(ids))
    return ids

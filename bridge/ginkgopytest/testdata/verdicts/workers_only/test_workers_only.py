"""Tests that the first collection does not have."""

import os

import pytest

WORKERS = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))


@pytest.mark.parametrize("worker", range(WORKERS))
def test_worker(worker: int) -> None:
    assert worker == 0


def test_every_run() -> None:
    """Pass."""

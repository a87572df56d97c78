"""The tests of every strategy: they need the ids of all workflows."""

import os
import threading

import pytest

COUNT = int(os.environ["BENCH_TESTS"])
FAILING = os.environ.get("BENCH_FAULT") == "fails"
SECONDS = 0.02


@pytest.mark.parametrize("number", range(COUNT))
def test_every_workflow_has_an_id(workflow_ids: dict[str, str], number: int) -> None:
    threading.Event().wait(SECONDS)
    assert len(set(workflow_ids.values())) == int(os.environ["BENCH_WORKFLOW_COUNT"])
    assert not (FAILING and number == 0)

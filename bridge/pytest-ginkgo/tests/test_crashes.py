"""A test that ends its worker, under schedulers that give it to the next one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Events = Callable[..., list[dict[str, Any]]]

GROUPED = """
import os
import pytest

pytestmark = pytest.mark.xdist_group("one")

def test_dies(): os._exit(9)
def test_after(): pass
"""
DIES_ONCE = """
import os
import pathlib

def test_dies():
    if not pathlib.Path("died").exists():
        pathlib.Path("died").touch()
        os._exit(9)

def test_after(): pass
"""


def starts(seen: list[dict[str, Any]], name: str) -> int:
    """How often a test was begun."""
    return sum(e["event"] == "test_start" and e["nodeid"].endswith(f"::{name}") for e in seen)


def outcomes(seen: list[dict[str, Any]]) -> dict[str, str]:
    """What became of each test."""
    finished = (event for event in seen if event["event"] == "test_finish")
    return {event["nodeid"].split("::")[-1]: event["outcome"] for event in finished}


@pytest.mark.parametrize("dist", ["loadfile", "loadscope"])
def test_the_run_ends_when_a_test_has_ended_three_workers(
    pytester: pytest.Pytester, events: Events, dist: str
) -> None:
    pytester.makepyfile(test_it=GROUPED)

    seen = events("-n", "1", "-p", "no:randomly", f"--dist={dist}")

    assert starts(seen, "test_dies") == 3
    assert outcomes(seen) == {"test_dies": "failed"}
    (stop,) = [event for event in seen if event["event"] == "session_stop"]
    assert stop["reason"].startswith("test_it.py::test_dies ended 3 workers")
    assert stop["nodeid"] == "test_it.py::test_dies"
    (first, *_) = [e["longrepr"] for e in seen if e["event"] == "phase" and "longrepr" in e]
    assert f"under --dist {dist} xdist gives this test to the next worker again" in first
    assert seen[-1]["event"] == "session_finish"
    assert seen[-1]["exitstatus"] == pytest.ExitCode.INTERRUPTED


def test_a_limit_of_the_user_is_the_limit(pytester: pytest.Pytester, events: Events) -> None:
    pytester.makepyfile(test_it=GROUPED)

    seen = events("-n", "1", "-p", "no:randomly", "--dist=loadfile", "--max-worker-restart=4")

    assert starts(seen, "test_dies") == 5
    assert "session_stop" not in {event["event"] for event in seen}


def test_a_test_that_ends_one_worker_only_stops_nothing(
    pytester: pytest.Pytester, events: Events
) -> None:
    pytester.makepyfile(test_it=DIES_ONCE)

    seen = events("-n", "1", "-p", "no:randomly", "--dist=loadfile")

    assert outcomes(seen) == {"test_dies": "failed", "test_after": "passed"}
    assert "session_stop" not in {event["event"] for event in seen}


def test_other_schedulers_warn_of_nothing(pytester: pytest.Pytester, events: Events) -> None:
    pytester.makepyfile(test_it=GROUPED)

    seen = events("-n", "1", "-p", "no:randomly", "--dist=load")

    assert outcomes(seen) == {"test_dies": "failed", "test_after": "passed"}
    assert not [e for e in seen if "to the next worker again" in e.get("longrepr", "")]

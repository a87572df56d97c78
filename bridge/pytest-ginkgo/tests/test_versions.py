"""What holds with every pytest, with xdist and without; `make test-matrix` runs this file alone."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable
from typing import Any

import pytest

Run = Callable[..., pytest.RunResult]
Events = Callable[..., list[dict[str, Any]]]

WORKERS = ["2"] if importlib.util.find_spec("xdist") else []
PROCESSES = [pytest.param(None, id="no-workers"), *WORKERS]
PROJECT = """
import pytest

@pytest.fixture
def broken():
    yield
    raise RuntimeError("teardown broke")

def test_pass(): pass
def test_fail(): raise ValueError("call broke")
def test_error(broken): pass
def test_skip(): pytest.skip("not today")
@pytest.mark.xfail
def test_xfail(): raise ValueError("known")
@pytest.mark.xfail
def test_xpass(): pass
@pytest.mark.parametrize("text", ["a::b", "[x]", "two words"])
def test_param(text): pass
"""
OUTCOMES = {
    "test_pass": "passed",
    "test_fail": "failed",
    "test_error": "error",
    "test_skip": "skipped",
    "test_xfail": "xfailed",
    "test_xpass": "xpassed",
    "test_param[a::b]": "passed",
    "test_param[[x]]": "passed",
    "test_param[two words]": "passed",
}


def outcomes(events: list[dict[str, Any]]) -> dict[str, str]:
    """The outcome of each test, which finishes once."""
    found = [event for event in events if event["event"] == "test_finish"]
    by_name = {event["nodeid"].partition("::")[2]: event["outcome"] for event in found}
    assert len(by_name) == len(found)
    return by_name


def options(workers: str | None) -> list[str]:
    """The arguments for a number of workers."""
    return ["-p", "no:timeout"] if workers is None else ["-p", "no:timeout", "-n", workers]


@pytest.mark.parametrize("workers", PROCESSES)
def test_outcomes(pytester: pytest.Pytester, events: Events, workers: str | None) -> None:
    pytester.makepyfile(PROJECT)
    seen = events(*options(workers))
    assert outcomes(seen) == OUTCOMES
    assert (seen[-1]["event"], seen[-1]["exitstatus"]) == ("session_finish", 1)


@pytest.mark.parametrize("workers", PROCESSES)
def test_what_was_collected_can_be_deselected(
    pytester: pytest.Pytester,
    collection: Callable[..., dict[str, Any]],
    events: Events,
    workers: str | None,
) -> None:
    pytester.makepyfile(PROJECT)
    tests = collection("-p", "no:timeout")["tests"]
    assert {test["name"] for test in tests} == set(OUTCOMES)
    gone = [test["nodeid"] for test in tests if "param" not in test["name"]]
    (pytester.path / "gone.json").write_text(json.dumps(gone))
    seen = outcomes(events("--ginkgo-deselect=gone.json", *options(workers)))
    assert set(seen) == {name for name in OUTCOMES if "param" in name}


@pytest.mark.parametrize("workers", PROCESSES)
def test_a_hang_ends(pytester: pytest.Pytester, events: Events, workers: str | None) -> None:
    pytester.makepyfile("import signal\ndef test_hang(): signal.pause()\ndef test_pass(): pass\n")
    seen = events("--ginkgo-test-timeout=0.5", *options(workers))
    assert outcomes(seen) == {"test_hang": "failed", "test_pass": "passed"}
    (phase,) = [event for event in seen if event.get("outcome") == "failed" and "when" in event]
    assert phase["line"] == 2


@pytest.mark.parametrize("workers", PROCESSES)
def test_a_stop_is_told(pytester: pytest.Pytester, events: Events, workers: str | None) -> None:
    pytester.makepyfile(
        "import pytest\n@pytest.mark.parametrize('n', range(9))\ndef test_n(n): assert n != 2\n"
    )
    stops = [event for event in events("-x", *options(workers)) if event["event"] == "session_stop"]
    assert stops
    assert all(stop["reason"].startswith("stopping after 1 failure") for stop in stops)
    assert stops[0]["nodeid"].endswith("test_n[2]")

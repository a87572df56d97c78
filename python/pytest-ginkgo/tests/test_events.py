"""EventStream: what a supervisor sees of a run."""

from collections.abc import Callable
from typing import Any

import pytest

Events = Callable[..., list[dict[str, Any]]]

OUTCOMES = """
import pytest

@pytest.fixture
def broken_teardown():
    yield
    raise RuntimeError("teardown broke")

@pytest.fixture
def broken_setup():
    raise RuntimeError("setup broke")

def test_pass():
    print("printed by the test")

def test_fail():
    assert 1 == 2, "numbers differ"

def test_teardown(broken_teardown):
    pass

def test_both(broken_teardown):
    assert False, "call broke"

def test_setup(broken_setup):
    pass

def test_skip():
    pytest.skip("not today")

@pytest.mark.xfail(reason="known")
def test_xfail():
    assert False

@pytest.mark.xfail(reason="known")
def test_xpass():
    pass

@pytest.mark.parametrize("n", [1, 2])
def test_param(n):
    assert n == 1
"""


def finishes(events: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The test_finish events by test name; each test has exactly one."""
    found = [event for event in events if event["event"] == "test_finish"]
    by_name = {event["nodeid"].split("::")[-1]: event for event in found}
    assert len(by_name) == len(found)
    return by_name


@pytest.mark.parametrize("workers", ["0", "2"])
def test_every_outcome_is_told_apart(
    pytester: pytest.Pytester, events: Events, workers: str
) -> None:
    pytester.makepyfile(OUTCOMES)
    finished = finishes(events("-n", workers))
    assert {name: event["outcome"] for name, event in finished.items()} == {
        "test_pass": "passed",
        "test_fail": "failed",
        "test_teardown": "error",
        "test_both": "failed",
        "test_setup": "error",
        "test_skip": "skipped",
        "test_xfail": "xfailed",
        "test_xpass": "xpassed",
        "test_param[1]": "passed",
        "test_param[2]": "failed",
    }


def test_reasons_are_tracebacks_or_the_skip_reason(
    pytester: pytest.Pytester, events: Events
) -> None:
    pytester.makepyfile(OUTCOMES)
    finished = finishes(events())
    assert "reason" not in finished["test_pass"]
    assert "numbers differ" in finished["test_fail"]["reason"]
    assert "teardown broke" in finished["test_teardown"]["reason"]
    assert "call broke" in finished["test_both"]["reason"]
    assert "setup broke" in finished["test_setup"]["reason"]
    assert finished["test_skip"]["reason"] == "not today"


def test_a_failed_phase_has_its_place_and_its_output(
    pytester: pytest.Pytester, events: Events
) -> None:
    path = pytester.makepyfile('def test_fail():\n    print("seen")\n    assert False\n')
    (phase,) = [e for e in events() if e["event"] == "phase" and e["when"] == "call"]
    assert (phase["path"], phase["line"]) == (str(path), 3)
    assert phase["sections"] == [["Captured stdout call", "seen\n"]]
    assert phase["start"] <= phase["stop"] <= phase["time"]


def test_a_run_is_framed_and_ordered(pytester: pytest.Pytester, events: Events) -> None:
    pytester.makepyfile("def test_pass(): pass")
    seen = events()
    assert [event["event"] for event in seen] == [
        "session_start",
        "test_start",
        "phase",
        "phase",
        "phase",
        "test_finish",
        "session_finish",
    ]
    assert seen[0]["schema_version"] == 1
    assert seen[-1]["exitstatus"] == 0
    times = [event["time"] for event in seen]
    assert times == sorted(times)


def test_workers_are_named(pytester: pytest.Pytester, events: Events) -> None:
    pytester.makepyfile(OUTCOMES)
    seen = events("-n", "2")
    assert seen[0]["workers"] == 2
    for kind in ("worker_up", "worker_down"):
        assert {e["worker"] for e in seen if e["event"] == kind} == {"gw0", "gw1"}
    assert {e["worker"] for e in finishes(seen).values()} <= {"gw0", "gw1"}


def test_a_killed_worker_fails_its_test_only(pytester: pytest.Pytester, events: Events) -> None:
    pytester.makepyfile("import os\ndef test_dies(): os._exit(9)\ndef test_lives(): pass\n")
    seen = events("-n", "2")
    finished = finishes(seen)
    assert finished["test_dies"]["outcome"] == "failed"
    assert "crashed while running" in finished["test_dies"]["reason"]
    assert finished["test_lives"]["outcome"] == "passed"
    dead = [e["worker"] for e in seen if e["event"] == "worker_down" and "error" in e]
    assert dead == [finished["test_dies"]["worker"]]
    assert seen[-1]["event"] == "session_finish"


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_collection_error_is_an_event(
    pytester: pytest.Pytester, events: Events, workers: str
) -> None:
    pytester.makepyfile(test_broken="import no_such_module")
    errors = [e for e in events("-n", workers) if e["event"] == "collect_error"]
    assert {e["nodeid"] for e in errors} == {"test_broken.py"}
    assert "no_such_module" in errors[0]["longrepr"]


def test_output_that_is_no_text_is_kept_readable(pytester: pytest.Pytester, events: Events) -> None:
    pytester.makepyfile('def test_fail():\n    print("\\udcff \\u20ac")\n    assert False\n')
    assert finishes(events())["test_fail"]["outcome"] == "failed"


def test_xdist_may_be_absent(pytester: pytest.Pytester, events: Events) -> None:
    pytester.makepyfile("def test_pass(): pass")
    seen = events("-p", "no:xdist")
    assert "workers" not in seen[0]
    assert seen[-1]["exitstatus"] == 0

"""A failure's place is a line that its reader wrote, and its message one line."""

from collections.abc import Callable
from typing import Any

import pytest

Events = Callable[..., list[dict[str, Any]]]

TESTS = """
import json
import os
import pytest
from helper import check

def inner():
    check(1)

def test_helper():
    inner()

def test_moved(tmp_path):
    os.chdir(tmp_path)
    check(1)

def test_library():
    json.loads("{")

def test_fixture(broken):
    pass

def test_chained():
    try:
        {}["signal"]
    except KeyError as error:
        raise ValueError("no signal") from error

def test_skipped():
    pytest.skip("not today")
"""


def failed(events: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The phases that did not pass, by the name of their test."""
    phases = [e for e in events if e["event"] == "phase" and e["outcome"] != "passed"]
    return {phase["nodeid"].split("::")[-1]: phase for phase in phases}


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_failure_stands_at_the_tests_own_line(
    pytester: pytest.Pytester, events: Events, workers: str
) -> None:
    pytester.makepyfile(helper="def check(value):\n    assert value == 2, 'not two'\n")
    conftest = pytester.makeconftest(
        "import pytest\n\n@pytest.fixture\ndef broken():\n    raise RuntimeError('no database')\n"
    )
    path = pytester.makepyfile(test_places=TESTS)
    found = failed(events("-n", workers))
    lines = path.read_text().splitlines()
    places = {
        "test_helper": (path, lines.index("    inner()") + 1),
        "test_moved": (path, lines.index("    os.chdir(tmp_path)") + 2),
        "test_library": (path, lines.index('    json.loads("{")') + 1),
        "test_fixture": (conftest, 5),
        "test_chained": (path, lines.index('        raise ValueError("no signal") from error') + 1),
    }
    for name, (file, line) in places.items():
        assert (found[name]["path"], found[name]["line"]) == (str(file), line), name
    assert "path" not in found["test_skipped"]
    assert {name: phase["message"] for name, phase in found.items()} == {
        "test_helper": "AssertionError: not two",
        "test_moved": "AssertionError: not two",
        "test_library": "json.decoder.JSONDecodeError: Expecting property name enclosed in "
        "double quotes: line 1 column 2 (char 1)",
        "test_fixture": "RuntimeError: no database",
        "test_chained": "ValueError: no signal",
        "test_skipped": "not today",
    }


def test_a_crash_says_so_in_one_line(pytester: pytest.Pytester, events: Events) -> None:
    pytester.makepyfile("import os\ndef test_dies(): os._exit(9)\n")
    message = failed(events("-n", "1"))["test_dies"]["message"]
    assert message.startswith("worker 'gw0' crashed while running")
    assert "\n" not in message

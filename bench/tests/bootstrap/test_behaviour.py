"""What is right, wrong or a hang."""

from dataclasses import replace
from typing import Any

import pytest
from kubernaut_bench.bootstrap.behaviour import judge
from kubernaut_bench.bootstrap.cells import Run

REFUSED = Run(
    "any", 4, "refused", posts=11, exit_code=3, failed=1, reported=True, output="HTTP 401: no"
)
DIES = Run("any", 4, "dies", exit_code=1, failed=1, passed=11)
FAILS = Run("any", 4, "fails", exit_code=1, failed=1, clean_ups=1, clean_up_was_last=True)


@pytest.mark.parametrize("run", [REFUSED, DIES, FAILS], ids=lambda run: str(run.fault))
def test_right(run: Run) -> None:
    assert str(judge(run)) == "right"


@pytest.mark.parametrize(
    ("run", "change", "note"),
    [
        (REFUSED, {"passed": 1}, "tests pass"),
        (REFUSED, {"exit_code": 0}, "tests pass"),
        (REFUSED, {"output": "IndexError"}, "the answer is not shown"),
        (REFUSED, {"reported": False}, "no JUnit file says so"),
        (REFUSED, {"posts": 44}, "44 POSTs"),
        (DIES, {"failed": 12, "passed": 0}, "12 tests fail, 0 pass"),
        (FAILS, {"failed": 0}, "no failure is reported"),
        (FAILS, {"clean_ups": 0}, "clean-up 0 times"),
        (FAILS, {"clean_ups": 4}, "clean-up 4 times"),
        (FAILS, {"clean_up_was_last": False}, "clean-up before the last test ended"),
    ],
)
def test_wrong_says_why(run: Run, change: dict[str, Any], note: str) -> None:
    assert str(judge(replace(run, **change))) == f"wrong: {note}"


@pytest.mark.parametrize("run", [REFUSED, DIES, FAILS], ids=lambda run: str(run.fault))
def test_a_run_that_was_killed_is_a_hang(run: Run) -> None:
    assert judge(replace(run, hung=True)).word == "hang"

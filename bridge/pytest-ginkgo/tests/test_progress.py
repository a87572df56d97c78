"""The outcome of a node id from the reports that pytest makes of it."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_ginkgo.progress import Progress, take


def report(when: str, outcome: str = "passed", **attributes: Any) -> pytest.TestReport:
    """A report with a text where it has something to tell."""
    made = pytest.TestReport(
        nodeid="test_a.py::test_a",
        location=("test_a.py", 0, "test_a"),
        keywords={},
        outcome=outcome,  # type: ignore[arg-type]  # plugins have words of their own
        longrepr=None if outcome == "passed" else f"{when} {outcome}",
        when=when,  # type: ignore[arg-type]
    )
    for name, value in attributes.items():
        setattr(made, name, value)
    return made


def progress_of(*reports: pytest.TestReport, worker: str | None = None) -> Progress:
    """What is known after these reports."""
    progress = Progress()
    for each in reports:
        take(each, progress, worker)
    return progress


def test_the_first_of_the_worst_decides() -> None:
    progress = progress_of(report("setup"), report("call", "failed"), report("teardown", "failed"))
    assert progress.verdict() == ("failed", "call failed")


def test_an_attempt_that_is_repeated_is_not_the_last_word() -> None:
    progress = progress_of(
        report("setup"), report("call", "retried"), report("call"), report("teardown")
    )
    assert (progress.verdict(), progress.number) == (("passed", None), 2)
    assert not progress.undecided


def test_a_failure_counts_whatever_comes_after_it() -> None:
    phases = [report("setup"), report("call", "failed"), report("teardown")]
    progress = progress_of(*phases, report("setup"), report("call"), report("teardown"))
    assert progress.verdict()[0] == "failed"


def test_a_word_that_nothing_follows_is_a_skip_with_the_word() -> None:
    progress = progress_of(report("setup"), report("call", "quarantined"), report("teardown"))
    assert progress.undecided
    outcome, reason = progress.verdict()
    assert outcome == "skipped"
    assert '"quarantined"' in str(reason)


def test_workers_do_not_mix_their_attempts() -> None:
    progress = Progress()
    for worker in ("gw0", "gw1"):
        take(report("setup"), progress, worker)
    take(report("call", "rerun"), progress, "gw0")
    for worker in ("gw1", "gw0"):
        take(report("teardown"), progress, worker)
    take(report("setup"), progress, "gw0")
    assert [progress.at(worker).number for worker in ("gw0", "gw1")] == [2, 1]


def test_a_crash_that_another_worker_repeats_goes_on_counting() -> None:
    progress = progress_of(report("setup"), report("???", "rerun"), worker="gw0")
    progress.crash("gw0", repeats=True)
    take(report("setup"), progress, "gw1")
    assert (progress.number, progress.ended) == (2, 0)


def test_expected_failures_do_not_fail() -> None:
    progress = progress_of(
        report("setup"), report("call", "skipped", wasxfail="known"), report("teardown")
    )
    assert progress.verdict()[0] == "xfailed"

"""The marker `quarantine(reason, until)`: a test runs and is reported, and does not fail the run.

What fails in it is an expected failure for pytest, with its traceback, so that
pytest's exit code and every report agree. After the day `until`, in UTC, the
marker fails its test, whatever the test does.
"""

from __future__ import annotations

import re
from collections.abc import Generator
from datetime import date, datetime, timezone
from typing import Any

import pytest

from pytest_ginkgo.originals import now

MARKER = "quarantine"
NAMED = re.compile(rf"{MARKER}\b")
FORM = 'write @pytest.mark.quarantine(reason="...", until="2031-12-31")'


class Quarantine:
    """Lives in every process that runs tests; leaves a marker alone that is somebody else's."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        config.addinivalue_line(
            "markers",
            "quarantine(reason, until): run and report the test, but let it fail until that day",
        )

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Fail a test whose quarantine has ended or cannot be understood."""
        marker = self._marker(item)
        problem = "" if marker is None else problem_of(marker)
        if problem:
            pytest.fail(problem, pytrace=False)

    # Outermost, so that it sees what xfail has made of the report.
    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(self, item: pytest.Item) -> Generator[None, Any, Any]:
        """Make a failure an expected one."""
        report = yield
        marker = self._marker(item) if report.failed else None
        if marker is not None and not problem_of(marker):
            report.outcome = "skipped"
            reason, until = arguments(marker)
            report.wasxfail = f"quarantine until {until}: {reason}"
        return report

    def _marker(self, item: pytest.Item) -> pytest.Mark | None:
        marker = item.get_closest_marker(MARKER)
        if marker is None:
            return None
        known = [line for line in self._config.getini("markers") if NAMED.match(line)]
        return marker if len(known) == 1 else None


def problem_of(marker: pytest.Mark) -> str:
    """Why a marker does not count; empty when it does."""
    reason, until = arguments(marker)
    known = set(marker.kwargs) <= {"reason", "until"} and len(marker.args) + len(marker.kwargs) == 2
    if not known or not isinstance(reason, str) or not reason.strip():
        return f"quarantine without a reason and a last day: {FORM}"
    try:
        last = date.fromisoformat(until) if isinstance(until, str) else None
    except ValueError:
        last = None
    if last is None:
        return f"quarantine until {until!r}, which is no day: {FORM}"
    if last < datetime.fromtimestamp(now(), timezone.utc).date():
        return (
            f"quarantine ended on {until} ({reason}): mend the test and remove the marker, "
            "or give it a new day"
        )
    return ""


def arguments(marker: pytest.Mark) -> tuple[Any, Any]:
    """Reason and last day, however they are passed."""
    values = dict(zip(("reason", "until"), marker.args))
    values.update(marker.kwargs)
    return values.get("reason"), values.get("until")

"""Where a test hung: a line of its own, not the one of the library in which it waited."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import pytest

from pytest_ginkgo.guard import Guard

HUNG = "ginkgo_hung_at"
# How the plugin's own limit and pytest-timeout say it.
TIMEOUTS = ("the test did not end within ", "Timeout ")


class HangPlaces:
    """Marks the report of a test that took too long with its place."""

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, Any, Any]:
        """The traceback is whole only in the process that ran the test."""
        report = yield
        with Guard():
            if call.excinfo is not None and _timed_out(call.excinfo.value):
                setattr(report, HUNG, _place(item, call.excinfo))
        return report


def hung_at(report: pytest.TestReport) -> tuple[str, int] | None:
    """The mark."""
    place = getattr(report, HUNG, None)
    return None if place is None else (str(place[0]), int(place[1]))


def _timed_out(error: BaseException) -> bool:
    return isinstance(error, pytest.fail.Exception) and str(error).startswith(TIMEOUTS)


def _place(
    item: pytest.Item, excinfo: pytest.ExceptionInfo[BaseException]
) -> tuple[str, int] | None:
    """The last line in the file of the test, else in the project."""
    root = str(item.config.rootpath)
    entries = [(str(entry.path), entry.lineno + 1) for entry in excinfo.traceback]
    own = [place for place in entries if place[0] == str(item.path)]
    near = [p for p in entries if p[0].startswith(root) and "site-packages" not in p[0]]
    found = own or near
    return found[-1] if found else None

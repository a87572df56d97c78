"""Where a test failed, and in one line why."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

PLACE = "ginkgo_place"


class FailurePlaces:
    """Notes where a test failed while its frames are there; its report carries that along."""

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
        """Only what failed has a place."""
        report = yield
        if report.failed and call.excinfo is not None:
            own = own_frame(item, call.excinfo)
            if own is not None:
                setattr(report, PLACE, own)
        return report


def own_frame(
    item: pytest.Item, excinfo: pytest.ExceptionInfo[BaseException]
) -> tuple[str, int] | None:
    """The outermost frame in the test's file, else in the project."""
    frames = [(Path(entry.path), entry.lineno + 1) for entry in excinfo.traceback]
    root = item.config.rootpath
    for chosen in (lambda path: path == item.path, lambda path: _is_below(path, root)):
        for path, line in frames:
            if chosen(path):
                return str(path), line
    return None


def _is_below(path: Path, root: Path) -> bool:
    return path.is_relative_to(root) and "site-packages" not in path.parts


def place_of(report: pytest.TestReport) -> tuple[str | None, int | None]:
    """File and line of the failure: the test's own line, else the deepest."""
    own: tuple[str, int] | None = getattr(report, PLACE, None)
    if own is not None:
        return own[0], own[1]
    crash = getattr(report.longrepr, "reprcrash", None)
    return (crash.path, crash.lineno) if crash is not None else (None, None)


def message_of(report: pytest.TestReport) -> str | None:
    """What went wrong, in one line: the exception, or the reason of a skip."""
    if report.longrepr is None or report.passed:
        return None
    if isinstance(report.longrepr, tuple):
        return _first_line(skip_reason(report.longrepr))
    crash = getattr(report.longrepr, "reprcrash", None)
    return _first_line(str(report.longrepr) if crash is None else crash.message)


def skip_reason(longrepr: tuple[Any, ...]) -> str:
    """The third of path, line and reason."""
    return str(longrepr[2]).removeprefix("Skipped: ")


def _first_line(text: str) -> str | None:
    lines = text.strip().splitlines()
    return lines[0] if lines else None

"""The events of the process that runs tests: an xdist worker, or the only process."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import pytest

from pytest_ginkgo.guard import Guard
from pytest_ginkgo.identity import GroupNames
from pytest_ginkgo.originals import ORIGINAL, absolute
from pytest_ginkgo.stops import stop_of
from pytest_ginkgo.writer import EventWriter, LogError


class RunnerEvents:
    """Writes when a test starts, where, and in which process."""

    def __init__(
        self, config: pytest.Config, writer: EventWriter, names: GroupNames, worker: str | None
    ) -> None:
        self._root = str(config.rootpath)
        self._writer = writer
        self._names = names
        self._worker = worker
        self._running: str | None = None
        self._guard = Guard()

    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """A worker is there."""
        with self._guard:
            if self._worker is not None:
                self._guard.session = session
                self._write("worker_up", worker=self._worker, pid=ORIGINAL.getpid())

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Before xdist sends the node ids."""
        with self._guard:
            self._names.write(session.items)

    def pytest_runtest_logstart(self, nodeid: str, location: tuple[str, int | None, str]) -> None:
        """A test starts, also again."""
        with self._guard:
            self._running = self._names.of(nodeid)
            path, line, _ = location
            self._write(
                "test_start",
                nodeid=self._running,
                worker=self._worker,
                pid=ORIGINAL.getpid(),
                path=absolute(self._root, path),
                line=None if line is None else line + 1,
            )

    def pytest_runtest_logfinish(self) -> None:
        """No test runs."""
        self._running = None

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """The test that runs is the cause, or was interrupted from outside."""
        with self._guard:
            if self._running is not None:
                reason, path, line = stop_of(excinfo)
                self._write(
                    "session_stop",
                    reason=reason,
                    nodeid=self._running,
                    worker=self._worker,
                    path=path,
                    line=line,
                )

    def _write(self, event: str, **fields: Any) -> None:
        try:
            self._writer.write(event, **fields)
        except LogError as error:
            self._guard.end(str(error))

    def pytest_unconfigure(self) -> None:
        """Close the log."""
        self._writer.close()


class TextCleaner:
    """Lets reports of workers through whose text UTF-8 cannot hold.

    xdist sends UTF-8; one lone surrogate, such as a file name that is not text,
    would end its run with an internal error.
    """

    @pytest.hookimpl(wrapper=True)
    def pytest_report_to_serializable(
        self, report: pytest.CollectReport | pytest.TestReport
    ) -> Generator[None, Any, Any]:
        """Write such characters as escapes."""
        data = yield
        bare = report.passed and not report.sections and not getattr(report, "user_properties", ())
        return data if bare else clean(data)


def clean(value: Any) -> Any:
    """The same with every string in a form that UTF-8 can hold."""
    if isinstance(value, str):
        if value.isascii():
            return value
        return value.encode("utf-8", "backslashreplace").decode("utf-8")
    if isinstance(value, dict):
        return {clean(key): clean(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [clean(inner) for inner in value]
    if isinstance(value, tuple):
        return tuple(clean(inner) for inner in value)
    return value

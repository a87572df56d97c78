"""The events of the process that runs tests: an xdist worker, or the only process."""

import os
from typing import Any

import pytest

from pytest_ginkgo.writer import EventWriter, LogError


class RunnerEvents:
    """Writes when a test starts, where, and in which process."""

    def __init__(self, config: pytest.Config, writer: EventWriter, worker: str | None) -> None:
        self._root = config.rootpath
        self._writer = writer
        self._worker = worker
        self._failure: LogError | None = None

    def pytest_sessionstart(self) -> None:
        """A worker is there."""
        if self._worker is not None:
            self._write("worker_up", worker=self._worker, pid=os.getpid())

    def pytest_runtest_logstart(self, nodeid: str, location: tuple[str, int | None, str]) -> None:
        """A test starts, also again."""
        path, line, _ = location
        self._write(
            "test_start",
            nodeid=nodeid,
            worker=self._worker,
            pid=os.getpid(),
            path=os.path.normpath(os.path.join(self._root, path)),
            line=None if line is None else line + 1,
        )

    def _write(self, event: str, **fields: Any) -> None:
        try:
            self._writer.write(event, **fields)
        except LogError as error:
            self._failure = error

    def pytest_runtest_teardown(self, item: pytest.Item) -> None:
        """Stop after this test when its start could not be written."""
        if self._failure is not None:
            item.session.shouldstop = f"pytest-ginkgo: {self._failure}"

    def pytest_unconfigure(self) -> None:
        """Close the log."""
        self._writer.close()


class TextCleaner:
    """Lets reports of workers through whose text UTF-8 cannot hold.

    xdist sends UTF-8; one lone surrogate, such as a file name that is no text,
    would end its run with an internal error.
    """

    @pytest.hookimpl(wrapper=True)
    def pytest_report_to_serializable(
        self, report: pytest.CollectReport | pytest.TestReport
    ) -> Any:
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

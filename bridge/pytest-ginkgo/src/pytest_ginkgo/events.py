"""The events of pytest's controller, schema 1, one JSON line each.

session_start   schema_version, workers, pid, rootdir, pytest, python
worker_up       worker, pid                       (written by the worker)
worker_down     worker, error
collected       nodeids
collect_error   nodeid, longrepr
test_start      nodeid, worker, pid, path, line   (written by the process that runs the test)
phase           nodeid, when, outcome, start, stop, duration, worker, attempt,
                longrepr, path, line, sections, wasxfail
subtest         nodeid, description, outcome, duration, attempt, longrepr, path, line
test_finish     nodeid, outcome, worker, reason, attempts
session_finish  exitstatus
span_start      span, lane, name                  (what the controller prepares)
span_finish     span, outcome

Every event has `event` and `time`; times are epoch seconds, durations seconds,
and what is unknown is absent. A test's path and line are those of its definition
in test_start and those of its failure elsewhere. A phase has the sections that
no earlier one had. Outcomes are passed, failed, error, skipped, xfailed and
xpassed; a phase that will be repeated has the outcome rerun.
"""

import os
import platform
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from pytest_ginkgo.outcomes import (
    Progress,
    description_of,
    longrepr_of,
    outcome_of,
    phase_of,
    place_of,
)
from pytest_ginkgo.writer import EventWriter, LogError

SCHEMA_VERSION = 1
EXIT_CODE = 3
STREAM = "ginkgo-events"
Explain = Callable[[str], str]


class EventStream:
    """Turns pytest's hooks into events; lives in the controller."""

    def __init__(self, writer: EventWriter, explain_crash: Explain = str) -> None:
        self._writer = writer
        self._explain_crash = explain_crash
        self._running: dict[str, Progress] = {}
        self._collected = False

    def write(self, event: str, **fields: Any) -> None:
        """Append an event, or end the run: a test that nobody sees must not pass."""
        try:
            self._writer.write(event, **fields)
        except LogError as error:
            pytest.exit(f"pytest-ginkgo: {error}", returncode=EXIT_CODE)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """The first event, before xdist starts workers."""
        workers = session.config.getoption("numprocesses", None)
        self.write(
            "session_start",
            schema_version=SCHEMA_VERSION,
            workers=workers if isinstance(workers, int) else None,
            pid=os.getpid(),
            rootdir=str(session.config.rootpath),
            pytest=pytest.__version__,
            python=platform.python_version(),
        )

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """What could not be collected."""
        if report.failed:
            self.write("collect_error", nodeid=report.nodeid, longrepr=report.longreprtext)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """What this process collected; with xdist it does not collect."""
        self._write_collected([item.nodeid for item in session.items])

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: list[str]) -> None:
        """What the first worker collected; xdist compares the others with it."""
        self._write_collected(list(ids))

    def _write_collected(self, nodeids: list[str]) -> None:
        if not self._collected:
            self._collected = True
            self.write("collected", nodeids=nodeids)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """One phase or sub-test; the last phase of a test also finishes it."""
        progress = self._running.setdefault(report.nodeid, Progress())
        if isinstance(report, pytest.SubtestReport):
            self._write_subtest(report, progress)
            return
        worker = _worker(report)
        crashed = report.when not in ("setup", "call", "teardown")
        if crashed and worker is not None:
            report.longrepr = f"{report.longrepr}{self._explain_crash(worker)}"
        self.write("phase", worker=worker, **phase_of(report, progress))
        progress.take(report)
        if crashed or report.when == "teardown":
            self._end_attempt(report.nodeid, progress, worker)

    def _end_attempt(self, nodeid: str, progress: Progress, worker: str | None) -> None:
        if progress.repeats:
            progress.next_attempt()
            return
        del self._running[nodeid]
        self.write(
            "test_finish",
            nodeid=nodeid,
            outcome=progress.outcome,
            worker=worker,
            reason=progress.reason,
            attempts=progress.attempt,
        )

    def _write_subtest(self, report: pytest.SubtestReport, progress: Progress) -> None:
        progress.take_subtest(report)
        path, line = place_of(report)
        self.write(
            "subtest",
            nodeid=report.nodeid,
            description=description_of(report),
            outcome=outcome_of(report),
            duration=report.duration,
            attempt=progress.attempt,
            longrepr=longrepr_of(report),
            path=path,
            line=line,
        )

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: object) -> None:
        """A worker ended; `error` is absent when that was planned."""
        self.write("worker_down", worker=node.gateway.id, error=str(error) if error else None)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, exitstatus: int) -> None:
        """The last event; a log without it was cut off."""
        self.write("session_finish", exitstatus=int(exitstatus))

    def pytest_unconfigure(self) -> None:
        """Close the log."""
        self._writer.close()


@contextmanager
def span(config: pytest.Config, name: str) -> Iterator[None]:
    """A step of the controller; it stands in the event log, if there is one."""
    stream: EventStream | None = config.pluginmanager.get_plugin(STREAM)
    if stream is None:
        yield
        return
    identity, outcome = f"pytest-{os.getpid()}-{name}", "failed"
    stream.write("span_start", span=identity, lane="suite", name=name)
    try:
        yield
        outcome = "passed"
    finally:
        stream.write("span_finish", span=identity, outcome=outcome)


def _worker(report: pytest.TestReport) -> str | None:
    node = getattr(report, "node", None)
    return None if node is None else str(node.gateway.id)

"""The events of pytest's controller, as `api/event-log.schema.json` has them."""

from __future__ import annotations

import os
import platform
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from pytest_ginkgo.failures import message_of, place_of
from pytest_ginkgo.guard import Guard
from pytest_ginkgo.identity import GroupNames, as_text
from pytest_ginkgo.originals import now
from pytest_ginkgo.outcomes import (
    PHASES,
    RERUN,
    description_of,
    is_subtest,
    longrepr_of,
    times_of,
)
from pytest_ginkgo.progress import RANK, Attempts, Progress, take
from pytest_ginkgo.stops import stop_of
from pytest_ginkgo.writer import EventWriter, LogError

SCHEMA_VERSION = 1
STREAM = "ginkgo-events"
Explain = Callable[[str], str]


class EventStream:
    """Turns pytest's hooks into events; lives in the controller."""

    def __init__(
        self, writer: EventWriter, names: GroupNames, explain_crash: Explain = str
    ) -> None:
        self._writer = writer
        self._names = names
        self._explain_crash = explain_crash
        self._guard = Guard()
        self._begin = now()
        self._open: dict[str, Progress] = {}
        self._told: dict[str, str] = {}
        # How many tests have a node id, where that is not one.
        self._expected: dict[str, int] = {}
        self._collected: Counter[str] = Counter()
        self._last_failed: str | None = None
        # The last event, with its exit status.
        self._last: tuple[str, int] | None = None

    def write(self, event: str, **fields: Any) -> None:
        """Append an event, or end the run: a test that nobody sees must not pass."""
        try:
            self._last = None
            self._writer.write(event, **fields)
        except LogError as error:
            self._guard.end(str(error))

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """The first event, before xdist starts workers."""
        with self._guard:
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
        with self._guard:
            if report.failed:
                self.write(
                    "collect_error", nodeid=as_text(report.nodeid), longrepr=report.longreprtext
                )

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """What this process is going to run; with xdist it does not collect."""
        with self._guard:
            self._collect(item.nodeid for item in session.items)

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, node: Any, ids: list[str]) -> None:
        """What a worker collected: each runs all of it, or xdist shares out what all have."""
        with self._guard:
            self._names.read()
            if not self._collected or node.config.getoption("dist", "no") == "each":
                self._collect(ids)

    def _collect(self, nodeids: Iterable[str]) -> None:
        known = len(self._collected)
        self._collected.update(self._names.of(nodeid) for nodeid in nodeids)
        self._expected = {name: n for name, n in self._collected.items() if n > 1}
        if len(self._collected) > known or not known:
            self.write("collected", nodeids=list(self._collected))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """One phase or sub-test."""
        with self._guard:
            nodeid, worker = self._names.of(report.nodeid), _worker(report)
            progress = self._open.get(nodeid)
            if progress is None:
                progress = self._open[nodeid] = Progress()
            crashed = worker is not None and report.when not in PHASES
            if crashed:
                report.longrepr = f"{report.longrepr}{self._explain_crash(str(worker))}"
            outcome = take(report, progress, worker)
            if report.failed:
                self._last_failed = nodeid
            if is_subtest(report):
                self._write_subtest(nodeid, report, outcome, progress.at(worker))
                return
            self._write_phase(nodeid, report, outcome, progress.at(worker))
            if crashed:
                progress.crash(worker, repeats=outcome == RERUN)
                self._finish_if_complete(nodeid, worker)

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        """A test has ended, with all its attempts."""
        with self._guard:
            name = self._names.of(nodeid)
            progress = self._open.get(name)
            if progress is not None:
                progress.ended += 1
                self._finish_if_complete(name, next(reversed(progress.attempts), None))

    def _finish_if_complete(self, nodeid: str, worker: str | None) -> None:
        progress = self._open[nodeid]
        settled = progress.outcome == "failed" or not progress.undecided
        if settled and progress.ended >= self._expected.get(nodeid, 1):
            self._finish(nodeid, worker)

    def _finish(self, nodeid: str, worker: str | None) -> None:
        progress = self._open.pop(nodeid)
        outcome, reason = progress.verdict()
        told = self._told.get(nodeid)
        if told is not None and RANK[outcome] <= RANK[told]:
            return
        self._told[nodeid] = outcome
        self.write(
            "test_finish",
            nodeid=nodeid,
            outcome=outcome,
            worker=worker,
            reason=reason,
            attempts=progress.number,
        )

    def _write_phase(
        self, nodeid: str, report: pytest.TestReport, outcome: str, attempts: Attempts
    ) -> None:
        path, line = place_of(report)
        # A crashed worker's report was made by the controller: it has neither times nor a phase.
        known = report.when in PHASES
        times = times_of(report, self._begin, now()) if known else {"duration": 0}
        self.write(
            "phase",
            worker=_worker(report),
            nodeid=nodeid,
            when=report.when if known else None,
            outcome=outcome,
            **times,
            attempt=attempts.number,
            message=message_of(report),
            longrepr=longrepr_of(report),
            path=path,
            line=line,
            sections=attempts.fresh(report.sections),
            wasxfail=getattr(report, "wasxfail", None),
        )

    def _write_subtest(
        self, nodeid: str, report: pytest.TestReport, outcome: str, attempts: Attempts
    ) -> None:
        path, line = place_of(report)
        self.write(
            "subtest",
            nodeid=nodeid,
            description=description_of(report),
            outcome=outcome,
            duration=times_of(report, self._begin, now())["duration"],
            attempt=attempts.number,
            message=message_of(report),
            longrepr=longrepr_of(report),
            path=path,
            line=line,
        )

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: object) -> None:
        """A worker ended; `error` is absent when that was planned."""
        with self._guard:
            self.write("worker_down", worker=node.gateway.id, error=str(error) if error else None)

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """The rest is not going to run."""
        with self._guard:
            reason, _, _ = stop_of(excinfo)
            self.write("session_stop", reason=reason, nodeid=self._last_failed)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> Iterator[Any]:
        """The last event; a log without it was cut off.

        Before the hooks of the project, one of which may leave the process.
        """
        with self._guard:
            for reason in filter(None, (session.shouldfail, session.shouldstop)):
                self.write("session_stop", reason=str(reason), nodeid=self._last_failed)
            self._end(exitstatus)
        result = yield
        with self._guard:
            self._end(session.exitstatus)
        return result

    def _end(self, exitstatus: int) -> None:
        ended = [nodeid for nodeid, progress in self._open.items() if progress.ran]
        for nodeid in ended:
            self._finish(nodeid, next(reversed(self._open[nodeid].attempts), None))
        last = ("session_finish", int(exitstatus))
        if self._last != last:
            self.write("session_finish", exitstatus=last[1])
            self._last = last

    def pytest_unconfigure(self) -> None:
        """Close the log."""
        self._writer.close()
        self._names.remove()


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

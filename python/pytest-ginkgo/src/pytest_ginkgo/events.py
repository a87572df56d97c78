"""The event stream: JSON lines, schema 1, each flushed as it is written.

session_start   schema_version, workers
test_start      nodeid
phase           nodeid, when, outcome, start, stop, duration, worker, longrepr,
                path, line, sections, wasxfail
test_finish     nodeid, outcome, worker, reason
worker_up, worker_down, collect_error
session_finish  exitstatus

Every event has `event` and `time`; times are epoch seconds, durations seconds.
Outcomes are passed, failed, error, skipped, xfailed and xpassed.
"""

import json
import time
from pathlib import Path
from typing import Any

import pytest

SCHEMA_VERSION = 1
RANK = {"passed": 0, "xpassed": 1, "xfailed": 1, "skipped": 2, "error": 3, "failed": 4}


class EventWriter:
    """Appends events to a file."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("a", encoding="utf-8", errors="replace")

    def write(self, event: str, **fields: Any) -> None:
        """Append one event and flush it."""
        document = {"event": event, "time": time.time(), **fields}
        kept = {name: value for name, value in document.items() if value is not None}
        self._file.write(json.dumps(kept, ensure_ascii=True) + "\n")
        self._file.flush()

    def close(self) -> None:
        """Close the file."""
        self._file.close()


class EventStream:
    """Turns pytest's hooks into events; lives in the controller."""

    def __init__(self, writer: EventWriter) -> None:
        self.writer = writer
        self._outcomes: dict[str, tuple[str, str | None]] = {}

    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """The first event."""
        workers = session.config.getoption("numprocesses", None)
        self.writer.write("session_start", schema_version=SCHEMA_VERSION, workers=workers)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Only failures: what was collected is known from the start."""
        if report.failed:
            self.writer.write(
                "collect_error", nodeid=report.nodeid, longrepr=str(report.longrepr or "")
            )

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """A worker, or this process, begins a test."""
        self.writer.write("test_start", nodeid=nodeid)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """One phase; the last one of a test also finishes it."""
        worker = _worker(report)
        self.writer.write("phase", worker=worker, **_phase(report))
        outcome = _outcome(report)
        known = self._outcomes.get(report.nodeid)
        if known is None or RANK[outcome] > RANK[known[0]]:
            self._outcomes[report.nodeid] = (outcome, _reason(report))
        # A crashed worker's report has no phase of pytest's and ends its test.
        if report.when not in ("setup", "call"):
            outcome, reason = self._outcomes.pop(report.nodeid)
            self.writer.write(
                "test_finish", nodeid=report.nodeid, outcome=outcome, worker=worker, reason=reason
            )

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, exitstatus: int) -> None:
        """The last event; a stream without it was cut off."""
        self.writer.write("session_finish", exitstatus=int(exitstatus))

    def pytest_unconfigure(self) -> None:
        """Close the stream."""
        self.writer.close()


def _worker(report: pytest.TestReport) -> str | None:
    # A crashed worker's report was made by the controller: it has only the node.
    node = getattr(report, "node", None)
    return None if node is None else str(node.gateway.id)


def _phase(report: pytest.TestReport) -> dict[str, Any]:
    path, line = _crash(report)
    return {
        "nodeid": report.nodeid,
        "when": report.when,
        "outcome": _outcome(report),
        "start": report.start,
        "stop": report.stop,
        "duration": report.duration,
        "longrepr": _longrepr(report),
        "path": path,
        "line": line,
        "sections": [[name, text] for name, text in report.sections] or None,
        "wasxfail": getattr(report, "wasxfail", None),
    }


def _outcome(report: pytest.TestReport) -> str:
    if hasattr(report, "wasxfail"):
        return "xfailed" if report.skipped else "xpassed"
    if report.failed and report.when in ("setup", "teardown"):
        return "error"
    return str(report.outcome)


def _reason(report: pytest.TestReport) -> str | None:
    if report.skipped and isinstance(report.longrepr, tuple):
        return str(report.longrepr[2]).removeprefix("Skipped: ")
    return _longrepr(report)


def _longrepr(report: pytest.TestReport) -> str | None:
    if report.longrepr is None or report.passed:
        return None
    return report.longreprtext


def _crash(report: pytest.TestReport) -> tuple[str | None, int | None]:
    crash = getattr(report.longrepr, "reprcrash", None)
    return (crash.path, crash.lineno) if crash is not None else (None, None)

"""A pytest plugin that records what pytest's controller sees, as JSON.

It knows nothing of the bridge's plugin, and the same recorder is in the raw run
and in the bridged one. It is copied into the environment of a suite, so that it
imports pytest only, of any version.
"""

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

# What differs between two runs of the same test.
VOLATILE = (
    (re.compile(r"0x[0-9a-fA-F]{6,}"), "0x"),
    (re.compile(r"\b(pytest|garbage)-\d+\b"), r"\1-N"),
    (re.compile(r"\bgw\d+\b"), "gwN"),
    (re.compile(r"(popen-|tmp)[a-z0-9_]{1,8}\b"), r"\1N"),
    (re.compile(r"\b\d+\.\d+(e-\d+)?( ?m?s\b| seconds)"), "N s"),
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """The one option."""
    parser.addoption("--foreign-record", type=Path, help="write what was seen to this file")


def pytest_configure(config: pytest.Config) -> None:
    """Live in the controller, or in the only process."""
    path = config.getoption("--foreign-record")
    if path is not None and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Recorder(config, path), "foreign-recorder")


class Recorder:
    """Keeps reports in the order in which they come."""

    def __init__(self, config: pytest.Config, path: Path) -> None:
        self._config = config
        self._path = path
        self._collected: set[str] = set()
        self._collect: set[tuple[str, str, str]] = set()
        self._reports: list[dict[str, Any]] = []

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """What the only process runs."""
        self._collected.update(item.nodeid for item in session.items)

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: Iterable[str]) -> None:
        """What a worker runs."""
        self._collected.update(ids)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """What could not be collected, or skipped itself; each worker says so."""
        if not report.passed:
            self._collect.add((report.nodeid, report.outcome, reason_of(report)))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A phase or a sub-test, with the word that pytest's terminal has for it."""
        status = self._config.hook.pytest_report_teststatus(report=report, config=self._config)
        context = getattr(report, "context", None)
        self._reports.append(
            {
                "nodeid": report.nodeid,
                "when": report.when,
                "outcome": report.outcome,
                "word": status[0] if status else "",
                "subtest": None if context is None else stable(f"{context}"),
                "xfail": getattr(report, "wasxfail", None),
                "reason": reason_of(report),
                "place": place_of(report),
                "lines": lines_of(report),
            }
        )

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionfinish(self, exitstatus: int) -> Any:
        """Before a hook that leaves the process, and again after one that changes something."""
        self._save(int(exitstatus))
        return (yield)

    def _save(self, exitstatus: int) -> None:
        document = {
            "bridged": self._config.pluginmanager.hasplugin("ginkgo"),
            "exit": exitstatus,
            "collected": sorted(self._collected),
            "collect": sorted(self._collect),
            "reports": self._reports,
        }
        text = json.dumps(document).encode("utf-8", "backslashreplace")
        self._path.write_bytes(text)


def stable(text: str) -> str:
    """A text without what differs between two runs."""
    for pattern, replacement in VOLATILE:
        text = pattern.sub(replacement, text)
    return text


def reason_of(report: Any) -> str:
    """Why it was skipped or failed, in the words of the exception."""
    longrepr = report.longrepr
    if longrepr is None or report.passed:
        return ""
    if isinstance(longrepr, tuple):
        return stable(str(longrepr[2]))
    crash = getattr(longrepr, "reprcrash", None)
    return stable(str(longrepr) if crash is None else str(crash.message))


def place_of(report: Any) -> str:
    """Where it was skipped or failed."""
    longrepr = report.longrepr
    if isinstance(longrepr, tuple):
        return f"{longrepr[0]}:{longrepr[1]}"
    crash = getattr(longrepr, "reprcrash", None)
    return "" if crash is None else f"{crash.path}:{crash.lineno}"


def lines_of(report: Any) -> list[str]:
    """The lines at which a failure may be shown: of its traceback, and of the test."""
    path, line, _ = report.location
    found = [f"{path}:{(line or 0) + 1}"]
    chain = getattr(report.longrepr, "chain", None) or [
        (getattr(report.longrepr, "reprtraceback", None),)
    ]
    if not report.passed:
        for traceback, *_ in chain:
            entries = getattr(traceback, "reprentries", None) or []
            places = (getattr(entry, "reprfileloc", None) for entry in entries)
            found += [f"{place.path}:{place.lineno}" for place in places if place is not None]
    return found

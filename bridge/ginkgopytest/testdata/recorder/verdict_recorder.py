"""Records what raw pytest says: every report that its controller sees."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

REPORTS: list[dict[str, Any]] = []


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    nodeid = report.nodeid.encode("utf-8", "backslashreplace").decode()
    xfail = hasattr(report, "wasxfail")
    REPORTS.append(
        {"nodeid": nodeid, "when": report.when, "outcome": report.outcome, "xfail": xfail}
    )


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    save(session)


def pytest_unconfigure(config: pytest.Config) -> None:
    save(config)


def save(owner: Any) -> None:
    if not hasattr(getattr(owner, "config", owner), "workerinput"):
        Path(os.environ["RECORD"]).write_text(json.dumps(REPORTS), encoding="utf-8")

"""Runs raw pytest and records every report that its controller sees."""

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest


class Recorder:
    """Lives in the controller."""

    def __init__(self) -> None:
        self._reports: list[dict[str, Any]] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        nodeid = report.nodeid.encode("utf-8", "backslashreplace").decode()
        xfail = hasattr(report, "wasxfail")
        self._reports.append(
            {"nodeid": nodeid, "when": report.when, "outcome": report.outcome, "xfail": xfail}
        )

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self) -> None:
        """A hook of the project may leave the process."""
        self._save()

    def pytest_unconfigure(self) -> None:
        self._save()

    def _save(self) -> None:
        text = json.dumps(self._reports)
        Path(os.environ["RECORD"]).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(pytest.main(sys.argv[1:], plugins=[Recorder()]))

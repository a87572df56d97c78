"""Goes on after the last test: as LAST_WORDS says, it writes for seconds, or hangs."""

import os
import threading
from pathlib import Path

import pytest


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write a report line by line, or wait for what never comes."""
    if session.config.option.collectonly:
        return
    for number in range(int(os.environ["LAST_WORDS"])):
        with Path(os.environ["LAST_REPORT"]).open("a") as report:
            report.write(f"{number}\n")
        threading.Event().wait(0.1)
    if os.environ["LAST_WORDS"] == "0":
        threading.Event().wait()

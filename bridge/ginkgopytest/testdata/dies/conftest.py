"""Ends pytest as the variable DIE says, once it is about to run tests."""

import os
import signal

import pytest


def pytest_sessionstart(session: pytest.Session) -> None:
    """End the controller only, and not a collection."""
    if hasattr(session.config, "workerinput") or session.config.getoption("--collect-only"):
        return
    if os.environ["DIE"] == "exit":
        os.write(2, b"last words\n")
        os._exit(7)
    os.kill(os.getpid(), signal.SIGKILL)

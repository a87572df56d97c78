"""Ends as EXIT_STATUS says, whatever its tests do: so does a coverage that is too low."""

import os

import pytest


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Take the status from outside."""
    if "EXIT_STATUS" in os.environ and not session.config.option.collectonly:
        session.exitstatus = int(os.environ["EXIT_STATUS"])

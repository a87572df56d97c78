"""Fails a whole run once, with one sentence, before any test runs."""

from __future__ import annotations

import time
from typing import Any, Literal, NoReturn

import pytest

EXIT_CODE = 3


def fail_session_once(config: pytest.Config, name: str, reason: str) -> None:
    """End the run with one failed report for a node called `name`.

    Only the controller does so, before any test, and never for --collect-only.
    The report reaches the terminal and the JUnit file; the exit code is 3.
    (A UsageError, or pytest.exit in a session fixture, hides the reason under xdist
    and leaves no JUnit file.)
    """
    if hasattr(config, "workerinput") or config.getoption("--collect-only"):
        return
    config.pluginmanager.register(_FailedRun(name, reason), f"ginkgo-failed-{name}")


def end_session(config: pytest.Config, name: str, reason: str) -> NoReturn:
    """Report the failure and leave; for hooks of the controller from pytest_collection on."""
    report_failure(config, name, reason, "setup")
    pytest.exit(reason, returncode=EXIT_CODE)


def report_failure(
    config: pytest.Config, name: str, reason: str, when: Literal["setup", "teardown"]
) -> None:
    """One failed phase of a node that is no test."""
    now = time.time()
    report = pytest.TestReport(
        nodeid=name,
        location=(name, None, name),
        keywords={},
        outcome="failed",
        longrepr=reason,
        when=when,
        start=now,
        stop=now,
    )
    config.hook.pytest_runtest_logreport(report=report)


def start_one_worker(specs: list[Any]) -> None:
    """A run that is going to end at once needs no worker; xdist's reporter wants one."""
    del specs[1:]


class _FailedRun:
    def __init__(self, name: str, reason: str) -> None:
        self._name = name
        self._reason = reason

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_setupnodes(self, specs: list[Any]) -> None:
        start_one_worker(specs)

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self, session: pytest.Session) -> None:
        end_session(session.config, self._name, self._reason)

"""Fails a whole run once, with one sentence, before any test runs."""

import time

import pytest

EXIT_CODE = 3


def fail_session_once(config: pytest.Config, name: str, reason: str) -> None:
    """End the run with one failed report for a node called `name`.

    Only the controller does so, and never for --collect-only. The report reaches
    the terminal and the JUnit file; the exit code is 3. (A UsageError, or
    pytest.exit in a session fixture, hides the reason under xdist and leaves no
    JUnit file.)
    """
    if hasattr(config, "workerinput") or config.getoption("--collect-only"):
        return
    config.pluginmanager.register(_FailedRun(name, reason), f"ginkgo-failed-{name}")


class _FailedRun:
    def __init__(self, name: str, reason: str) -> None:
        self._name = name
        self._reason = reason

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self, session: pytest.Session) -> None:
        now = time.time()
        report = pytest.TestReport(
            nodeid=self._name,
            location=(self._name, None, self._name),
            keywords={},
            outcome="failed",
            longrepr=self._reason,
            when="setup",
            start=now,
            stop=now,
        )
        session.config.hook.pytest_runtest_logreport(report=report)
        pytest.exit(self._reason, returncode=EXIT_CODE)

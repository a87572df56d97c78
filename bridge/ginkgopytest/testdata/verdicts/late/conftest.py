"""Reports a failure of a test that has passed, when all have ended."""

import pytest


def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workerinput"):
        return
    report = pytest.TestReport(
        nodeid="test_late.py::test_leaks",
        location=("test_late.py", 0, "test_leaks"),
        keywords={},
        outcome="failed",
        longrepr="found a leak of test_leaks",
        when="teardown",
    )
    session.config.hook.pytest_runtest_logreport(report=report)
    session.exitstatus = pytest.ExitCode.TESTS_FAILED

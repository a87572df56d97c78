"""A plugin that neither passes nor fails what it has in quarantine."""

from collections.abc import Generator
from typing import Any

import pytest


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, Any]:
    report = yield
    if report.failed and item.get_closest_marker("quarantine"):
        report.outcome = "quarantined"
    return report


def pytest_report_teststatus(report: Any) -> tuple[str, str, str] | None:
    if report.outcome == "quarantined":
        return "quarantined", "Q", "QUARANTINED"
    return None


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "quarantine: known to be broken")

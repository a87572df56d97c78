"""Collects more in a worker, and less for --collect-only."""

import pytest


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("collectonly"):
        items[:] = [item for item in items if "every_run" not in item.name]

"""Ours, from Go: seeded before pytest starts, read by the suite's own conftest.py parts."""

import os
from typing import Any

import pytest
from holmesgpt_api_fixtures.manifest import Manifest
from holmesgpt_api_fixtures.seeding import manifest_of
from pytest_ginkgo.once import once, once_value


def pytest_configure(config: pytest.Config) -> None:
    once(config, "workflows", _handed_over)


def _handed_over() -> dict[str, Any]:
    return manifest_of(False, os.environ).handed_over()


@pytest.fixture(scope="session")
def workflow_ids(pytestconfig: pytest.Config) -> dict[str, str]:
    return Manifest.restored(once_value(pytestconfig, "workflows")).ids()

"""Fixtures of the end-to-end tests: they read what was seeded before, and seed nothing."""

from typing import Any

import pytest
from holmesgpt_api_fixtures.manifest import Manifest

pytest_plugins = ["holmesgpt_api_fixtures.plugin"]


@pytest.fixture(scope="session")
def test_workflows_bootstrapped(manifest: Manifest) -> dict[str, Any]:
    """What was seeded; nothing is sent."""
    return manifest.seeded()

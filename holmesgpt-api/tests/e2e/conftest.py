"""Fixtures of the end-to-end tests: they read what was seeded before, and seed nothing."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from holmesgpt_api_fixtures.clients import DataStorage, Hapi
from holmesgpt_api_fixtures.manifest import Manifest, ManifestError
from holmesgpt_api_fixtures.seeding import OPTION, manifest_of
from pytest_ginkgo.once import once, once_value

NAME = "workflow bootstrap"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Seeding without Go is asked for, never a fallback."""
    text = "seed the workflows once, in this process; needs DATA_STORAGE_URL, HAPI_URL and "
    text += "DATA_STORAGE_TOKEN_FILE (default: read what WORKFLOW_MANIFEST names)"
    parser.addoption(OPTION, action="store_true", help=text)


def pytest_configure(config: pytest.Config) -> None:
    """One process reads or seeds, before there are workers; they get the result."""
    once(config, NAME, lambda: _handed_over(config))


def _handed_over(config: pytest.Config) -> dict[str, Any]:
    try:
        return manifest_of(config.getoption(OPTION), os.environ).handed_over()
    except ManifestError as error:
        pytest.fail(str(error), pytrace=False)


@pytest.fixture(scope="session")
def manifest(pytestconfig: pytest.Config) -> Manifest:
    """The manifest of this run."""
    return Manifest.restored(once_value(pytestconfig, NAME))


@pytest.fixture(scope="session")
def test_workflows_bootstrapped(manifest: Manifest) -> dict[str, Any]:
    """What was seeded; nothing is sent."""
    return {
        "created": manifest.named("created"),
        "existing": manifest.named("existing"),
        "failed": manifest.named("failed"),
        "total": len(manifest.workflows),
        "workflow_ids": manifest.ids(),
        "seeded_by": manifest.seeded_by,
    }


@pytest.fixture(scope="session")
def workflow_ids(test_workflows_bootstrapped: dict[str, Any]) -> dict[str, str]:
    """workflow_name to workflow_id."""
    ids: dict[str, str] = test_workflows_bootstrapped["workflow_ids"]
    return ids


@pytest.fixture(scope="session")
def hapi(manifest: Manifest) -> Iterator[Hapi]:
    """HAPI, with the suite's token."""
    service = Hapi(manifest.urls["hapi"], manifest.token_file)
    yield service
    service.close()


@pytest.fixture(scope="session")
def datastorage(manifest: Manifest) -> Iterator[DataStorage]:
    """DataStorage, with the suite's token."""
    service = DataStorage(manifest.urls["datastorage"], manifest.token_file)
    yield service
    service.close()

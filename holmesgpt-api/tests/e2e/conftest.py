"""Fixtures of the end-to-end tests: they read the manifest and seed nothing."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from clients import DataStorage, Hapi
from manifest import Manifest, ManifestError, load
from pytest_ginkgo.bootstrap import fail_session_once

MANIFEST = pytest.StashKey[Manifest]()


def pytest_configure(config: pytest.Config) -> None:
    """Read the manifest, or end the run once with the reason."""
    if config.getoption("--collect-only"):
        return
    try:
        config.stash[MANIFEST] = load(os.environ)
    except ManifestError as error:
        fail_session_once(config, "workflow bootstrap", str(error))


@pytest.fixture(scope="session")
def manifest(pytestconfig: pytest.Config) -> Manifest:
    """The manifest of this run."""
    return pytestconfig.stash[MANIFEST]


@pytest.fixture(scope="session")
def test_workflows_bootstrapped(manifest: Manifest) -> dict[str, Any]:
    """What Go seeded; nothing is sent."""
    return {
        "created": manifest.named("created"),
        "existing": manifest.named("existing"),
        "failed": manifest.named("failed"),
        "total": len(manifest.workflows),
        "workflow_ids": manifest.ids(),
        "seeded_by": "go_before_suite",
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

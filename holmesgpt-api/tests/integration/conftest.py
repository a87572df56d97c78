"""Fixtures of the integration tests: they read what Go seeded, and seed nothing."""

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from holmesgpt_api.catalog import CatalogSearch, SearchContext
from holmesgpt_api.datastorage import DataStorageClient, TokenFile
from holmesgpt_api.engine import Cancellation
from holmesgpt_api_fixtures.manifest import GO, Manifest
from holmesgpt_api_fixtures.workflow_files import WORKFLOWS, Request, requests_of

pytest_plugins = ["holmesgpt_api_fixtures.plugin"]

SEARCH_SECONDS = 10.0
BY_GO = "DD-TEST-011 v2.0: Workflows already seeded by Go suite setup"  # style: the seed's line
BY_PYTEST = "Workflows seeded once by pytest's controller"


@pytest.fixture(scope="session", autouse=True)
def test_workflows_bootstrapped(manifest: Manifest) -> dict[str, Any]:
    """What was seeded; nothing is sent."""
    print(f"\n✅ {BY_GO if manifest.seeded_by == GO else BY_PYTEST}")  # noqa: T201 # style: the seed's line
    return manifest.seeded()


@pytest.fixture(scope="session")
def declared() -> dict[str, Request]:
    """workflow_name to what its file says."""
    return {request["workflow_name"]: request for request in requests_of(WORKFLOWS)}


@pytest.fixture
def remediation_id() -> str:
    """One that no other test has."""
    return f"rem-{uuid.uuid4().hex[:12]}"


@pytest.fixture
def catalogue_at(manifest: Manifest) -> Iterator[Callable[[str], DataStorageClient]]:
    """HAPI's own client, with the suite's token, of DataStorage at this URL."""
    made: list[DataStorageClient] = []

    def connect(url: str) -> DataStorageClient:
        made.append(DataStorageClient(url, TokenFile(manifest.token_file), SEARCH_SECONDS))
        return made[-1]

    yield connect
    for client in made:
        client.close()


@pytest.fixture
def search_workflow_catalog(
    manifest: Manifest,
    catalogue_at: Callable[[str], DataStorageClient],
    remediation_id: str,
) -> Callable[..., list[dict[str, Any]]]:
    """The tool as the LLM calls it, in this process; `known` is what the incident says."""
    datastorage = catalogue_at(manifest.urls["datastorage"])

    def search(
        query: str,
        resource: dict[str, str] | None = None,
        *,
        top_k: int = 5,
        client: DataStorageClient | None = None,
        **known: Any,
    ) -> list[dict[str, Any]]:
        context = SearchContext(remediation_id, **known)
        tool = CatalogSearch(client or datastorage, context, Cancellation(SEARCH_SECONDS))
        arguments = {"query": query, "rca_resource": resource or {}, "top_k": top_k}
        found: list[dict[str, Any]] = tool(arguments)["workflows"]
        return found

    return search

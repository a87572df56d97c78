"""The tool `search_workflow_catalog` and DataStorage agree on what fits."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from holmesgpt_api.datastorage import DataStorageClient, DataStorageError
from holmesgpt_api_fixtures.clients import DataStorage
from holmesgpt_api_fixtures.manifest import Manifest
from holmesgpt_api_fixtures.testing.relay import Relay

pytestmark = [pytest.mark.integration, pytest.mark.catalogue]

Search = Callable[..., list[dict[str, Any]]]


def test_exact_match_is_found_with_all_that_the_llm_needs(
    search_workflow_catalog: Search, workflow_ids: dict[str, str], declared: dict[str, Any]
) -> None:
    (found,) = search_workflow_catalog("OOMKilled critical")

    wanted = declared["oomkill-increase-memory-v1"]
    assert found["workflow_id"] == workflow_ids["oomkill-increase-memory-v1"]
    assert uuid.UUID(found["workflow_id"])
    assert found["title"] == wanted["name"]
    assert found["description"] == wanted["description"]
    assert found["signal_type"] == "OOMKilled"
    assert 0 < found["confidence"] <= 1


def test_confidence_is_datastorages_score(
    search_workflow_catalog: Search, datastorage: DataStorage, remediation_id: str
) -> None:
    found = search_workflow_catalog("OOMKilled critical", custom_labels={"team": ["shop"]})

    (asked,) = datastorage.audited_searches(remediation_id)
    scored = datastorage.search(asked["filters"])["workflows"]
    assert scored
    assert [hit["rank"] for hit in scored] == list(range(1, len(scored) + 1))
    scores = [hit["final_score"] for hit in scored]
    assert scores == sorted(scores, reverse=True)
    assert [hit["confidence"] for hit in found] == scores


def test_unknown_signal_finds_nothing_and_is_no_error(search_workflow_catalog: Search) -> None:
    assert search_workflow_catalog(f"NoSuchSignal{uuid.uuid4().hex} critical") == []


def test_filters_are_those_of_the_incident(
    search_workflow_catalog: Search,
    datastorage: DataStorage,
    remediation_id: str,
    workflow_ids: dict[str, str],
) -> None:
    known = {"signal_type": "CrashLoopBackOff", "severity": "high", "kind": "Pod"}
    place = {"environment": "staging", "priority": "P1"}

    (found,) = search_workflow_catalog("OOMKilled critical", **known, **place)

    assert found["workflow_id"] == workflow_ids["crashloop-config-fix-v1"]
    (asked,) = datastorage.audited_searches(remediation_id)
    assert asked["filters"] == {
        "signal_type": "CrashLoopBackOff",
        "severity": "high",
        "component": "pod",
        "environment": "staging",
        "priority": "P1",
    }


@pytest.mark.parametrize(("asked", "sent"), [(1, 1), (0, 1), (1000, 10)])
def test_top_k_is_kept_within_its_bounds(
    search_workflow_catalog: Search,
    datastorage: DataStorage,
    remediation_id: str,
    asked: int,
    sent: int,
) -> None:
    found = search_workflow_catalog("OOMKilled critical", top_k=asked)

    assert 1 <= len(found) <= sent
    (query,) = datastorage.audited_searches(remediation_id)
    assert query["top_k"] == sent


def test_service_that_breaks_off_is_an_error_that_says_so(
    search_workflow_catalog: Search,
    catalogue_at: Callable[[str], DataStorageClient],
    manifest: Manifest,
) -> None:
    with Relay(manifest.urls["datastorage"]) as relay:
        client = catalogue_at(relay.url)
        before = search_workflow_catalog("OOMKilled critical", client=client)
        relay.cut()
        with pytest.raises(DataStorageError, match="POST /api/v1/workflows/search: Conn"):
            search_workflow_catalog("OOMKilled critical", client=client)
        relay.mend()
        after = search_workflow_catalog("OOMKilled critical", client=client)

    assert before
    assert after == before

"""What an LLM does with the catalogue on its way from a signal to a workflow."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from holmesgpt_api_fixtures.clients import DataStorage, Hapi, incident

pytestmark = [pytest.mark.integration, pytest.mark.catalogue]

Search = Callable[..., list[dict[str, Any]]]
POD = {"kind": "Pod", "namespace": "production", "name": "api-0"}


def test_oomkilled_incident_finds_the_memory_workflow(
    search_workflow_catalog: Search, datastorage: DataStorage, workflow_ids: dict[str, str]
) -> None:
    (found,) = search_workflow_catalog("OOMKilled critical", {**POD, "signal_type": "OOMKilled"})

    assert found["workflow_id"] == workflow_ids["oomkill-increase-memory-v1"]
    stored = datastorage.workflow(found["workflow_id"])
    declared = stored["parameters"]["schema"]["parameters"]
    assert "MEMORY_LIMIT" in {parameter["name"] for parameter in declared}


def test_crashloop_incident_finds_a_workflow_and_hapi_chooses_it(
    search_workflow_catalog: Search, hapi: Hapi
) -> None:
    (found,) = search_workflow_catalog("CrashLoopBackOff high", POD)

    answer = hapi.analyze_incident(incident("CrashLoopBackOff"))

    assert found["confidence"] > 0
    assert answer["selected_workflow"]["workflow_id"] == found["workflow_id"]
    assert answer["selected_workflow"]["title"] == found["title"]


def test_incident_without_workflow_ends_with_a_person(
    search_workflow_catalog: Search, hapi: Hapi
) -> None:
    assert search_workflow_catalog(f"NoSuchSignal{uuid.uuid4().hex} low", POD) == []

    answer = hapi.analyze_incident(incident("MOCK_NO_WORKFLOW_FOUND"))

    assert answer["needs_human_review"] is True
    assert answer["human_review_reason"] == "no_matching_workflows"


def test_search_can_be_refined(
    search_workflow_catalog: Search, workflow_ids: dict[str, str]
) -> None:
    broad = search_workflow_catalog("OOMKilled")
    by_severity = search_workflow_catalog("OOMKilled critical")
    owner = {"kind": "ReplicaSet", "namespace": "shop-staging", "name": "api"}
    by_owner = search_workflow_catalog("OOMKilled high", owner)

    assert broad == []
    assert [hit["workflow_id"] for hit in by_severity] == [
        workflow_ids["oomkill-increase-memory-v1"]
    ]
    assert [hit["workflow_id"] for hit in by_owner] == [workflow_ids["memory-optimize-v1"]]

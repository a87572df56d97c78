"""The recovery endpoint: what it answers, and what it refuses."""

import uuid
from typing import Any

import pytest
from holmesgpt_api_fixtures.clients import DataStorage, Hapi, incident, recovery

pytestmark = [pytest.mark.integration, pytest.mark.recovery]

PATH = "/api/v1/recovery/analyze"


def test_answer_is_complete(hapi: Hapi) -> None:
    request = recovery("OOMKilled", severity="critical")

    answer = hapi.analyze_recovery(request)

    assert answer["incident_id"] == request["incident_id"]
    assert answer["can_recover"] is True
    assert answer["analysis_confidence"] == pytest.approx(0.85)
    assert answer["recovery_analysis"]["previous_attempt_assessment"]
    assert answer["metadata"] == {"llm_calls": 2, "attempts": 1}
    (strategy,) = answer["strategies"]
    assert strategy["action_type"] == answer["selected_workflow"]["title"]
    assert answer["primary_recommendation"] == answer["selected_workflow"]["workflow_id"]


def test_fields_have_their_types(hapi: Hapi) -> None:
    answer = hapi.analyze_recovery(recovery("OOMKilled", severity="critical"))

    assert isinstance(answer["incident_id"], str)
    assert type(answer["can_recover"]) is bool
    assert type(answer["needs_human_review"]) is bool
    assert 0 <= answer["analysis_confidence"] <= 1
    assert uuid.UUID(answer["selected_workflow"]["workflow_id"])
    assert 0 <= answer["selected_workflow"]["confidence"] <= 1
    assert answer["strategies"][0]["estimated_risk"] in ("low", "medium", "high")
    assert answer["warnings"] == []


def test_previous_execution_changes_the_choice(hapi: Hapi, workflow_ids: dict[str, str]) -> None:
    failed = workflow_ids["oomkill-increase-memory-v1"]
    request = recovery("OOMKilled", severity="critical")
    request["previous_execution"]["selected_workflow"]["workflow_id"] = failed

    answer = hapi.analyze_recovery(request)

    assert answer["selected_workflow"]["workflow_id"] == workflow_ids["memory-optimize-v1"]
    assert answer["analysis_confidence"] > 0.7


def test_detected_labels_reach_the_search(hapi: Hapi, datastorage: DataStorage) -> None:
    labels = {"gitOpsManaged": True, "pdbProtected": True, "stateful": True}
    request = recovery("OOMKilled", enrichment_results={"detectedLabels": labels})

    answer = hapi.analyze_recovery(request)

    assert answer["selected_workflow"]["workflow_id"]
    (asked,) = datastorage.audited_searches(request["remediation_id"])
    assert asked["filters"]["detected_labels"] == labels


@pytest.mark.parametrize("signal", ["CascadingFailure", "NoisyNeighbor", "NetworkPartition"])
def test_each_kind_of_failure_has_a_workflow_of_its_own(
    hapi: Hapi, workflow_ids: dict[str, str], signal: str
) -> None:
    names = {
        "CascadingFailure": "cascading-failure-circuit-break-v1",
        "NoisyNeighbor": "noisy-neighbor-quota-v1",
        "NetworkPartition": "network-policy-repair-v1",
    }

    answer = hapi.analyze_recovery(recovery(signal))

    assert answer["needs_human_review"] is False
    assert answer["selected_workflow"]["workflow_id"] == workflow_ids[names[signal]]


@pytest.mark.parametrize("number", [0, 4, None])
def test_attempt_number_out_of_range_is_refused(hapi: Hapi, number: int | None) -> None:
    response = hapi.post(PATH, recovery("OOMKilled", recovery_attempt_number=number))

    assert response.status_code == 400
    assert response.headers["content-type"] == "application/problem+json"
    assert "recovery_attempt_number" in response.json()["field_errors"]


def test_previous_execution_without_its_failure_is_refused(hapi: Hapi) -> None:
    request = recovery("OOMKilled")
    del request["previous_execution"]["failure"]

    response = hapi.post(PATH, request)

    assert response.status_code == 400
    assert "previous_execution.failure" in response.json()["field_errors"]


def test_catalogue_is_searched_once_for_the_incident(hapi: Hapi, datastorage: DataStorage) -> None:
    request = recovery("OOMKilled", severity="critical", environment="staging", priority="P0")

    hapi.analyze_recovery(request)

    (asked,) = datastorage.audited_searches(request["remediation_id"])
    assert asked["filters"] == {
        "signal_type": "OOMKilled",
        "severity": "critical",
        "component": "pod",
        "environment": "staging",
        "priority": "P0",
    }


def test_workflow_can_be_executed_as_it_stands(hapi: Hapi, declared: dict[str, Any]) -> None:
    request = recovery("OOMKilled", severity="critical")

    chosen = hapi.analyze_recovery(request)["selected_workflow"]

    wanted = declared["memory-optimize-v1"]
    assert chosen["container_image"] == wanted["container_image"]
    assert chosen["container_digest"] == wanted["container_digest"]
    assert chosen["version"] == wanted["version"]
    assert chosen["rationale"]
    assert chosen["parameters"] == {
        "NAMESPACE": request["resource_namespace"],
        "TARGET_NAME": request["resource_name"],
        "REPLICAS": "1",
    }


def test_incident_and_its_recovery_are_one_remediation(
    hapi: Hapi, datastorage: DataStorage
) -> None:
    first = incident("OOMKilled", severity="critical", priority="P0")
    chosen = hapi.analyze_incident(first)["selected_workflow"]
    same = {name: first[name] for name in ("incident_id", "remediation_id", "resource_name")}
    second = recovery("OOMKilled", severity="critical", **same)
    second["previous_execution"]["selected_workflow"]["workflow_id"] = chosen["workflow_id"]

    answer = hapi.analyze_recovery(second)

    assert answer["incident_id"] == first["incident_id"]
    assert answer["can_recover"] is True
    assert answer["selected_workflow"]["workflow_id"] != chosen["workflow_id"]
    twice = ["workflow_validation_attempt"] * 2
    events = datastorage.await_events(first["remediation_id"], twice)
    chose = [event["event_data"]["workflow_id"] for event in events if event["event_type"] in twice]
    assert chose == [chosen["workflow_id"], answer["selected_workflow"]["workflow_id"]]

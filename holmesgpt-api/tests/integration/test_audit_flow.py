"""Each analysis leaves its whole story in DataStorage, a failed one too."""

import uuid
from collections import Counter
from datetime import datetime
from typing import Any

import pytest
from holmesgpt_api_fixtures.clients import DataStorage, Hapi, incident, recovery

pytestmark = [pytest.mark.integration, pytest.mark.audit]

COMPLETE, ATTEMPT = "holmesgpt.response.complete", "workflow_validation_attempt"


def of(events: list[dict[str, Any]], event_type: str) -> list[dict[str, Any]]:
    """The events of a type, oldest first."""
    return [event for event in events if event["event_type"] == event_type]


def test_request_and_response_are_told_once_and_in_order(
    hapi: Hapi, datastorage: DataStorage
) -> None:
    request = incident("OOMKilled", severity="critical", priority="P0")

    hapi.analyze_incident(request)

    events = datastorage.await_events(request["remediation_id"], {COMPLETE})
    told = ["llm_request", "llm_tool_call", "llm_response", ATTEMPT, COMPLETE]
    assert [event["event_type"] for event in events] == told
    times = [datetime.fromisoformat(event["event_timestamp"]) for event in events]
    assert times == sorted(times)


def test_tool_call_is_told_with_what_it_found(
    hapi: Hapi, datastorage: DataStorage, workflow_ids: dict[str, str]
) -> None:
    request = incident("CrashLoopBackOff")

    hapi.analyze_incident(request)

    events = datastorage.await_events(request["remediation_id"], {"llm_tool_call"})
    (call,) = of(events, "llm_tool_call")
    assert call["event_action"] == "tool_invoked"
    assert call["event_data"]["tool_name"] == "search_workflow_catalog"
    assert call["event_data"]["tool_arguments"]["query"] == "CrashLoopBackOff high"
    assert workflow_ids["crashloop-config-fix-v1"] in call["event_data"]["tool_result"]


def test_every_attempt_at_an_answer_is_told(hapi: Hapi, datastorage: DataStorage) -> None:
    request = incident("MOCK_MAX_RETRIES_EXHAUSTED")

    answer = hapi.analyze_incident(request)

    events = datastorage.await_events(request["remediation_id"], {COMPLETE})
    attempts = of(events, ATTEMPT)
    assert [event["event_outcome"] for event in attempts] == ["pending", "pending", "failure"]
    assert [event["event_data"]["is_final_attempt"] for event in attempts] == [False, False, True]
    history = answer["validation_attempts_history"]
    assert [event["event_data"]["errors"] for event in attempts] == [
        entry["errors"] for entry in history
    ]
    assert attempts[-1]["event_data"]["human_review_reason"] == "llm_parsing_error"


def test_recovery_is_told_without_an_answer_of_its_own(
    hapi: Hapi, datastorage: DataStorage
) -> None:
    request = recovery("OOMKilled", severity="critical")

    hapi.analyze_recovery(request)

    wanted = {"llm_request", "llm_tool_call", "llm_response", ATTEMPT}
    events = datastorage.await_events(request["remediation_id"], wanted)
    assert Counter(event["event_type"] for event in events) == dict.fromkeys(wanted, 1)


def test_events_have_who_what_and_when(hapi: Hapi, datastorage: DataStorage) -> None:
    request = incident("OOMKilled", severity="critical", priority="P0")

    hapi.analyze_incident(request)

    events = datastorage.await_events(request["remediation_id"], {COMPLETE})
    for event in events:
        assert event["version"] == "1.0"
        assert event["event_category"] == "aiagent"
        assert event["event_action"]
        assert event["event_outcome"] == "success"
        assert event["correlation_id"] == request["remediation_id"]
        assert (event["actor_type"], event["actor_id"]) == ("Service", "holmesgpt-api")
        assert event["event_data"]["event_type"] == event["event_type"]
        assert event["event_data"]["incident_id"] == request["incident_id"]
        assert event["event_data"]["event_id"] == event["event_id"]
        assert datetime.fromisoformat(event["event_timestamp"]).tzinfo is not None
    assert len({uuid.UUID(event["event_id"]) for event in events}) == len(events)


@pytest.mark.parametrize(
    ("signal", "reason"),
    [
        ("MOCK_NO_WORKFLOW_FOUND", "no_matching_workflows"),
        ("MOCK_RCA_INCOMPLETE", "rca_incomplete"),
        ("MOCK_MAX_RETRIES_EXHAUSTED", "llm_parsing_error"),
    ],
)
def test_answer_for_a_person_is_told_with_its_reason(
    hapi: Hapi, datastorage: DataStorage, signal: str, reason: str
) -> None:
    request = incident(signal)

    answer = hapi.analyze_incident(request)

    events = datastorage.await_events(request["remediation_id"], {COMPLETE})
    (complete,) = of(events, COMPLETE)
    told = complete["event_data"]["response_data"]
    assert told["needs_human_review"] is answer["needs_human_review"] is True
    assert told["review_reason"] == answer["human_review_reason"] == reason
    assert told["warnings"] == answer["warnings"]
    assert told["warnings"]


def test_analysis_without_llm_is_told_nothing_of_an_answer(
    hapi: Hapi, datastorage: DataStorage
) -> None:
    request = incident("MOCK_LLM_ERROR_500")

    response = hapi.post("/api/v1/incident/analyze", request)

    assert response.status_code == 503
    assert int(response.headers["retry-after"]) > 0
    events = datastorage.await_events(request["remediation_id"], {"llm_request"})
    assert [event["event_type"] for event in events] == ["llm_request"]

"""Every investigation leaves its audit events in DataStorage."""

from typing import Any

import pytest
from holmesgpt_api_fixtures.clients import DataStorage, Hapi, incident

pytestmark = [pytest.mark.e2e, pytest.mark.audit]


def only(events: list[dict[str, Any]], event_type: str) -> dict[str, Any]:
    """The one event of this type."""
    found = [event for event in events if event["event_type"] == event_type]
    assert len(found) == 1, f"{len(found)} events of type {event_type}, not one"
    return found[0]


class TestAuditPipelineE2E:
    """Events are found by the remediation id."""

    def test_llm_request_event_persisted(self, hapi: Hapi, datastorage: DataStorage) -> None:
        request = incident("OOMKilled", severity="critical", priority="P0")

        hapi.analyze_incident(request)

        events = datastorage.await_events(request["remediation_id"], {"llm_request"})
        event = only(events, "llm_request")
        assert event["correlation_id"] == request["remediation_id"]
        assert event["event_data"]["incident_id"] == request["incident_id"]
        assert event["event_data"]["prompt_length"] > len(event["event_data"]["prompt_preview"]) > 0

    def test_llm_response_event_persisted(self, hapi: Hapi, datastorage: DataStorage) -> None:
        request = incident("CrashLoopBackOff")

        hapi.analyze_incident(request)

        events = datastorage.await_events(request["remediation_id"], {"llm_response"})
        event = only(events, "llm_response")
        assert event["event_outcome"] == "success"
        assert event["event_data"]["incident_id"] == request["incident_id"]
        assert event["event_data"]["has_analysis"] is True
        assert event["event_data"]["analysis_length"] > 0

    def test_validation_attempt_event_persisted(
        self, hapi: Hapi, datastorage: DataStorage, workflow_ids: dict[str, str]
    ) -> None:
        request = incident("OOMKilled", severity="critical", priority="P0")

        hapi.analyze_incident(request)

        wanted = {"workflow_validation_attempt"}
        event = only(
            datastorage.await_events(request["remediation_id"], wanted),
            "workflow_validation_attempt",
        )
        data = event["event_data"]
        assert data["attempt"] == 1
        assert data["max_attempts"] == 3
        assert data["is_valid"] is True
        assert data["workflow_id"] == workflow_ids["oomkill-increase-memory-v1"]

    def test_complete_audit_trail_persisted(
        self, hapi: Hapi, datastorage: DataStorage, test_workflows_bootstrapped: dict[str, Any]
    ) -> None:
        workflow_id = test_workflows_bootstrapped["workflow_ids"]["oomkill-increase-memory-v1"]
        request = incident("OOMKilled", severity="critical", priority="P0")

        hapi.analyze_incident(request)

        wanted = {
            "llm_request",
            "llm_response",
            "llm_tool_call",
            "workflow_validation_attempt",
            "holmesgpt.response.complete",
        }
        events = datastorage.await_events(request["remediation_id"], wanted)
        assert {event["event_type"] for event in events} == wanted
        assert {event["correlation_id"] for event in events} == {request["remediation_id"]}
        assert {event["event_data"]["incident_id"] for event in events} == {request["incident_id"]}
        assert workflow_id in only(events, "llm_tool_call")["event_data"]["tool_result"]
        answered = only(events, "holmesgpt.response.complete")["event_data"]["response_data"]
        assert answered["selected_workflow"]["workflow_id"] == workflow_id

"""Audit events of one analysis, collected until they are made durable together."""

from datetime import UTC, datetime
from typing import Any, Literal

from holmesgpt_api.bounds import bounded, storable
from holmesgpt_api.identifiers import uuid7
from holmesgpt_api.outbox import Event

ACTIONS = {
    "llm_request": "llm_request_sent",
    "llm_response": "llm_response_received",
    "llm_tool_call": "tool_invoked",
    "workflow_validation_attempt": "validation_executed",
    "holmesgpt.response.complete": "response_sent",
}
PREVIEW = 500
Outcome = Literal["success", "failure", "pending"]


class Trail:
    """The events of one analysis, in order."""

    def __init__(self, incident_id: str, remediation_id: str) -> None:
        self._incident_id = incident_id
        self._remediation_id = remediation_id
        self.events: list[Event] = []

    def add(self, event_type: str, data: dict[str, Any], outcome: Outcome = "success") -> None:
        """Note what has just happened."""
        event_id = str(uuid7())
        payload = {
            "event_type": event_type,
            "event_id": event_id,
            "incident_id": self._incident_id,
            **{name: bounded(value) for name, value in data.items() if value is not None},
        }
        self.events.append(
            {
                "event_id": event_id,
                "version": "1.0",
                "event_type": event_type,
                "event_timestamp": datetime.now(UTC).isoformat(),
                "event_category": "aiagent",
                "event_action": ACTIONS[event_type],
                "event_outcome": outcome,
                "correlation_id": self._remediation_id,
                "actor_type": "Service",
                "actor_id": "holmesgpt-api",
                "event_data": payload,
            }
        )


def preview(text: str) -> str:
    """The beginning of a text."""
    return storable(text if len(text) <= PREVIEW else text[:PREVIEW] + "...")

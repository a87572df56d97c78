"""Audit events, sent to DataStorage in the background."""

import queue
import threading
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Literal

import structlog
from prometheus_client import Counter

from holmesgpt_api.datastorage import DataStorageError

ACTIONS = {
    "llm_request": "llm_request_sent",
    "llm_response": "llm_response_received",
    "llm_tool_call": "tool_invoked",
    "workflow_validation_attempt": "validation_executed",
    "holmesgpt.response.complete": "response_sent",
}
PREVIEW = 500
RETRY_DELAYS = (0.2, 1.0)
Outcome = Literal["success", "failure", "pending"]
EVENTS = Counter("holmesgpt_api_audit_events_total", "Audit events by fate.", ["result"])
log = structlog.get_logger("holmesgpt_api.audit")


class AuditTrail:
    """A queue and one thread that empties it; the close waits for both."""

    def __init__(self, store: Callable[[dict[str, Any]], None], max_queued: int = 10_000) -> None:
        self._store = store
        self._queue: queue.Queue[dict[str, Any] | None] = queue.Queue(max_queued)
        self._closing = threading.Event()
        self._give_up = threading.Event()
        self._thread = threading.Thread(target=self._run, name="audit", daemon=True)
        self._thread.start()

    def put(self, event: dict[str, Any]) -> None:
        """Queue an event; dropped and counted when the queue is full."""
        try:
            self._queue.put_nowait(event)
        except queue.Full:
            EVENTS.labels("dropped").inc()
            log.error("audit queue is full", event_type=event["event_type"])

    def close(self, timeout: float = 1.5) -> None:
        """Send what is queued, for at most so many seconds."""
        until = time.monotonic() + timeout
        self._closing.set()
        try:
            self._queue.put(None, timeout=timeout)
        except queue.Full:
            self._give_up.set()
        self._thread.join(max(0.0, until - time.monotonic()))
        if self._thread.is_alive():
            self._give_up.set()
            log.error("audit events lost at shutdown", count=self._queue.qsize())

    def _run(self) -> None:
        while (event := self._queue.get()) is not None and not self._give_up.is_set():
            self._send(event)

    def _send(self, event: dict[str, Any]) -> None:
        for delay in (*RETRY_DELAYS, None):
            try:
                self._store(event)
            except DataStorageError as error:
                if delay is None or (self._closing.wait(delay) and self._give_up.is_set()):
                    EVENTS.labels("failed").inc()
                    log.error("audit event lost", reason=str(error), **_names(event))
                    return
            else:
                EVENTS.labels("stored").inc()
                return


def _names(event: dict[str, Any]) -> dict[str, str]:
    return {name: event[name] for name in ("event_type", "correlation_id")}


class Auditor:
    """Writes the events of one analysis."""

    def __init__(self, trail: AuditTrail, incident_id: str, remediation_id: str) -> None:
        self._trail = trail
        self._incident_id = incident_id
        self._remediation_id = remediation_id

    def emit(self, event_type: str, data: dict[str, Any], outcome: Outcome = "success") -> None:
        """Queue one event."""
        payload = {
            "event_type": event_type,
            "event_id": str(uuid.uuid4()),
            "incident_id": self._incident_id,
            **{name: value for name, value in data.items() if value is not None},
        }
        self._trail.put(
            {
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
    return text if len(text) <= PREVIEW else text[:PREVIEW] + "..."

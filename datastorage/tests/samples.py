"""What tests store: one event of each type, and a workflow."""

import hashlib
import json
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

FILTERS = {
    "signal_type": "OOMKilled",
    "severity": "critical",
    "component": "pod",
    "environment": "production",
    "priority": "P0",
}
# One event_data of each type that there is; Go's tests read the same file.
PAYLOADS: dict[str, dict[str, Any]] = json.loads(
    Path(__file__).with_name("payloads.json").read_text()
)


def event(event_type: str = "llm_request", **changes: Any) -> dict[str, Any]:
    """An event with an id of its own."""
    data = changes.pop("event_data", PAYLOADS.get(event_type, {}) | {"event_type": event_type})
    return {
        "event_id": str(uuid.uuid4()),
        "version": "1.0",
        "event_type": event_type,
        "event_timestamp": datetime.now(UTC).isoformat(),
        "event_category": "aiagent",
        "event_action": "act",
        "event_outcome": "success",
        "correlation_id": "rem-1",
        "event_data": data,
    } | changes


def workflow(name: str = "restart", **changes: Any) -> dict[str, Any]:
    """A workflow that fits FILTERS."""
    content = f"workflow {name}"
    labels = FILTERS | {"environment": ["production", "staging"]}
    return {
        "workflow_name": name,
        "version": "1.0.0",
        "name": name,
        "description": "d",
        "content": content,
        "content_hash": hashlib.sha256(content.encode()).hexdigest(),
        "labels": labels,
        "execution_engine": "tekton",
        "status": "active",
    } | changes

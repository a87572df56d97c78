"""What tests store: one event of each type, and a workflow."""

import hashlib
import uuid
from datetime import UTC, datetime
from typing import Any

HAPI = {"event_id": "e-1", "incident_id": "inc-1"}
ANSWER = {
    "incident_id": "inc-1",
    "analysis": "memory",
    "root_cause_analysis": {"summary": "s", "severity": "high", "contributing_factors": []},
    "confidence": 0.9,
    "timestamp": "2026-01-02T03:04:05Z",
    "selected_workflow": {"workflow_id": "w-1", "confidence": 0.9, "parameters": {"N": "1"}},
    "alternative_workflows": [{"workflow_id": "w-2", "rationale": "r"}],
}
FILTERS = {
    "signal_type": "OOMKilled",
    "severity": "critical",
    "component": "pod",
    "environment": "production",
    "priority": "P0",
}
HIT = {"workflow_id": "w-1", "title": "t", "rank": 1, "scoring": {"confidence": 0.5}}
ANALYSIS = {
    "analysis_name": "a",
    "namespace": "n",
    "phase": "Completed",
    "approval_required": False,
    "degraded_mode": False,
    "warnings_count": 0,
}
PAYLOADS: dict[str, dict[str, Any]] = {
    "llm_request": HAPI | {"model": "m", "prompt_length": 3, "prompt_preview": "abc"},
    "llm_response": HAPI | {"has_analysis": True, "analysis_length": 1, "analysis_preview": "a"},
    "llm_tool_call": HAPI | {"tool_call_index": 0, "tool_name": "t", "tool_result": {"any": [1]}},
    "workflow_validation_attempt": HAPI | {"attempt": 1, "max_attempts": 3, "is_valid": True},
    "holmesgpt.response.complete": HAPI | {"response_data": ANSWER},
    "workflow.catalog.search_completed": {
        "query": {"top_k": 10, "min_score": 0.0, "filters": FILTERS},
        "results": {"total_found": 1, "returned": 1, "workflows": [HIT]},
        "search_metadata": {"duration_ms": 1, "embedding_dimensions": 0, "embedding_model": ""},
    },
    "datastorage.workflow.created": {
        "workflow_id": "0198f2d0-0000-7000-8000-000000000001",
        "workflow_name": "restart",
        "version": "1.0.0",
        "status": "active",
        "is_latest_version": True,
        "execution_engine": "tekton",
        "name": "Restart",
        "labels": {"signal_type": "OOMKilled"},
    },
    "aianalysis.phase.transition": {"old_phase": "Pending", "new_phase": "Investigating"},
    "aianalysis.holmesgpt.call": {"endpoint": "/x", "http_status_code": 200, "duration_ms": 5},
    "aianalysis.rego.evaluation": {
        "outcome": "approved",
        "degraded": False,
        "duration_ms": 1,
        "reason": "r",
    },
    "aianalysis.approval.decision": {
        "approval_required": False,
        "approval_reason": "r",
        "auto_approved": True,
        "decision": "approved",
        "reason": "r",
        "environment": "staging",
    },
    "aianalysis.analysis.completed": ANALYSIS,
    "aianalysis.analysis.failed": ANALYSIS
    | {
        "phase": "Failed",
        "error_details": {
            "message": "m",
            "code": "ERR_X",
            "component": "aianalysis",
            "retry_possible": False,
        },
    },
    "aianalysis.error.occurred": {"phase": "Analyzing", "error_message": "m"},
}


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

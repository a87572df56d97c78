"""The audit events that the catalogue itself writes."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from pydantic_core import to_json

from datastorage.identifiers import uuid7
from datastorage.models._generated import SearchRequest, WorkflowInput
from datastorage.search import Found


def workflow_created(workflow: WorkflowInput, workflow_id: UUID) -> str:
    """`datastorage.workflow.created`."""
    data = {
        "event_type": "datastorage.workflow.created",
        "workflow_id": workflow_id,
        "workflow_name": workflow.workflow_name,
        "version": workflow.version,
        "status": workflow.status,
        "is_latest_version": True,
        "execution_engine": workflow.execution_engine,
        "name": workflow.name,
        "description": workflow.description,
        "labels": workflow.labels.model_dump(mode="json"),
    }
    return _event("create", str(workflow_id), data)


def search_completed(
    request: SearchRequest, found: Found, request_id: str, milliseconds: int
) -> str:
    """`workflow.catalog.search_completed`, under the remediation's id when there is one."""
    hits = [
        {
            "workflow_id": hit["workflow_id"],
            "title": hit["title"],
            "rank": hit["rank"],
            "scoring": {"confidence": hit["confidence"]},
        }
        for hit in found.hits
    ]
    data = {
        "event_type": "workflow.catalog.search_completed",
        "query": {
            "top_k": request.top_k,
            "min_score": request.min_score,
            "filters": request.filters.model_dump(mode="json", exclude_none=True),
        },
        "results": {"total_found": found.total, "returned": len(hits), "workflows": hits},
        "search_metadata": {
            "duration_ms": milliseconds,
            "embedding_dimensions": 0,
            "embedding_model": "",
        },
    }
    correlation = (request.remediation_id or request_id)[:255]
    return _event("search", correlation, data)


def _event(action: str, correlation_id: str, data: dict[str, Any]) -> str:
    event = {
        "event_id": uuid7(),
        "version": "1.0",
        "event_type": data["event_type"],
        "event_timestamp": datetime.now(UTC),
        "event_category": "workflow",
        "event_action": action,
        "event_outcome": "success",
        "correlation_id": correlation_id,
        "event_data": data,
        "actor_type": "service",
        "actor_id": "datastorage",
    }
    return to_json(event).decode()

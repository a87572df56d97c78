"""The audit events that the catalogue itself writes."""

from datetime import UTC, datetime
from typing import Any

from datastorage.models._generated import AuditEventInput, RemediationWorkflow, SearchRequest


def workflow_created(workflow: RemediationWorkflow) -> AuditEventInput:
    """`datastorage.workflow.created`."""
    fields = {"workflow_name", "version", "status", "is_latest_version", "execution_engine"}
    shown = fields | {"workflow_id", "name", "description", "labels"}
    data = workflow.model_dump(mode="json", include=shown)
    return _event("datastorage.workflow.created", "create", str(workflow.workflow_id), data)


def search_completed(
    request: SearchRequest, workflow_ids: list[str], request_id: str
) -> AuditEventInput:
    """`workflow.catalog.search_completed`, under the remediation's id when there is one."""
    data = {
        "filters": request.filters.model_dump(mode="json", exclude_none=True),
        "workflow_ids": workflow_ids,
        "total_results": len(workflow_ids),
    }
    correlation = (request.remediation_id or request_id)[:255]
    return _event("workflow.catalog.search_completed", "search", correlation, data)


def _event(kind: str, action: str, correlation_id: str, data: dict[str, Any]) -> AuditEventInput:
    return AuditEventInput(
        version="1.0",
        event_type=kind,
        event_timestamp=datetime.now(UTC),
        event_category="workflow",
        event_action=action,
        event_outcome="success",
        correlation_id=correlation_id,
        event_data=data,
        actor_type="service",
        actor_id="datastorage",
    )

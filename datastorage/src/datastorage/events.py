"""The audit events that the catalogue itself writes."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from datastorage.identifiers import uuid7
from datastorage.models._generated import (
    AuditedHit,
    AuditedQuery,
    AuditedResults,
    AuditedScore,
    AuditedSearch,
    AuditEventInput,
    SearchRequest,
    SearchResponse,
    WorkflowCatalogCreatedPayload,
    WorkflowInput,
    WorkflowSearchAuditPayload,
)


def workflow_created(workflow: WorkflowInput, workflow_id: UUID) -> str:
    """`datastorage.workflow.created`."""
    data = WorkflowCatalogCreatedPayload.model_construct(
        event_type="datastorage.workflow.created",
        workflow_id=workflow_id,
        workflow_name=workflow.workflow_name,
        version=workflow.version,
        status=workflow.status,
        is_latest_version=True,
        execution_engine=workflow.execution_engine,
        name=workflow.name,
        description=workflow.description,
        labels=workflow.labels.model_dump(mode="json"),
    )
    return _event(data.event_type, "create", str(workflow_id), data)


def search_completed(
    request: SearchRequest, answer: SearchResponse, request_id: str, milliseconds: int
) -> str:
    """`workflow.catalog.search_completed`, under the remediation's id when there is one."""
    hits = [
        AuditedHit(
            workflow_id=str(hit.workflow_id),
            title=hit.title,
            rank=hit.rank,
            scoring=AuditedScore(confidence=hit.confidence),
        )
        for hit in answer.workflows
    ]
    data = WorkflowSearchAuditPayload(
        event_type="workflow.catalog.search_completed",
        query=AuditedQuery(
            top_k=request.top_k, min_score=request.min_score, filters=request.filters
        ),
        results=AuditedResults(
            total_found=answer.total_results, returned=len(hits), workflows=hits
        ),
        search_metadata=AuditedSearch(
            duration_ms=milliseconds, embedding_dimensions=0, embedding_model=""
        ),
    )
    correlation = (request.remediation_id or request_id)[:255]
    return _event(data.event_type, "search", correlation, data)


def _event(kind: Any, action: str, correlation_id: str, data: Any) -> str:
    event = AuditEventInput.model_construct(
        event_id=uuid7(),
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
    return event.model_dump_json(exclude_none=True)

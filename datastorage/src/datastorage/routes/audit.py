"""Routes of the audit trail."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Query, Request

from datastorage.audit import AuditTrail
from datastorage.models import AuditEventInput

router = APIRouter(prefix="/api/v1/audit/events")


def _trail(request: Request) -> AuditTrail:
    trail: AuditTrail = request.app.state.audit
    return trail


@router.post("", status_code=201)
async def create(body: AuditEventInput, request: Request) -> Any:
    """Store one event."""
    event = body.model_dump(mode="json", exclude_none=True)
    (stored,) = await _trail(request).append([event])
    return {
        "event_id": stored["event_id"],
        "event_timestamp": stored["event_timestamp"],
        "message": "stored",
    }


@router.post("/batch", status_code=201)
async def create_batch(
    body: Annotated[list[AuditEventInput], Body(min_length=1, max_length=1000)], request: Request
) -> Any:
    """Store all events or none."""
    events = [event.model_dump(mode="json", exclude_none=True) for event in body]
    stored = await _trail(request).append(events)
    return {
        "event_ids": [event["event_id"] for event in stored],
        "message": f"{len(stored)} stored",
    }


@router.get("")
async def query(
    request: Request,
    event_type: str | None = None,
    event_category: str | None = None,
    event_outcome: str | None = None,
    severity: str | None = None,
    correlation_id: str | None = None,
    since: str | None = None,
    until: str | None = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> Any:
    """One page of events, newest first."""
    filters = {
        "event_type": event_type,
        "event_category": event_category,
        "event_outcome": event_outcome,
        "severity": severity,
        "correlation_id": correlation_id,
        "since": since,
        "until": until,
    }
    data, total = await _trail(request).query(filters, limit, offset)
    more = offset + len(data) < total
    return {
        "data": data,
        "pagination": {"limit": limit, "offset": offset, "total": total, "has_more": more},
    }

"""The audit trail's part of the API."""

import json
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic_core import to_json
from starlette.requests import Request
from starlette.responses import Response

from datastorage.audit import AuditTrail, Result
from datastorage.database import Database
from datastorage.identifiers import uuid7
from datastorage.incoming import EVENT, Batch, Item, check_event, judge_batch
from datastorage.models._generated import AuditEventStored
from datastorage.models.bodies import read_text
from datastorage.problems import EventConflictError, InvalidError
from datastorage.senders import sender_of
from datastorage.trail import AuditQuery, list_events
from datastorage.workflow_routes import answer

THERE = ("stored", "repeated")


def audit_routes(database: Database, trail: AuditTrail) -> APIRouter:
    """The routes below /api/v1/audit/events."""
    router = APIRouter(prefix="/api/v1/audit/events")

    @router.post("")
    async def create(request: Request) -> Response:
        text = await read_text(request)
        event = check_event(text, EVENT)
        if event.event_id is None:
            event.event_id = uuid7()
            text = json.dumps(json.loads(text) | {"event_id": str(event.event_id)})
        batch = Batch([Item(text, event.event_id)], f"[{text}]")
        [result] = await trail.store(batch, sender_of(request))
        if result.outcome == "conflict":
            raise EventConflictError(str(event.event_id))
        if result.outcome == "refused":
            raise InvalidError({"body": str(result.reason)})
        stored = AuditEventStored(
            event_id=event.event_id, event_timestamp=event.event_timestamp, message=result.outcome
        )
        return answer(stored, 201 if result.outcome == "stored" else 200)

    @router.post("/batch")
    async def create_batch(request: Request) -> Response:
        batch = judge_batch(await request.body())
        results = await trail.store(batch, sender_of(request))
        body, complete = _batch_result(results)
        return Response(body, 201 if complete else 207, media_type="application/json")

    @router.get("")
    async def list_audit_events(query: Annotated[AuditQuery, Query()]) -> Response:
        async with database.connection() as connection:
            page = await list_events(connection, query)
        return Response(page, media_type="application/json")

    return router


def _batch_result(results: list[Result]) -> tuple[bytes, bool]:
    """An AuditBatchResult as JSON, and whether every event is stored."""
    there = [result.event_id for result in results if result.outcome in THERE]
    message = f"{len(there)} of {len(results)} events are stored"
    # A thousand models would take longer than storing the events.
    body = {"event_ids": there, "message": message, "results": [_item(r) for r in results]}
    return to_json(body), len(there) == len(results)


def _item(result: Result) -> dict[str, Any]:
    item: dict[str, Any] = {"outcome": result.outcome}
    if result.event_id is not None:
        item["event_id"] = result.event_id
    if result.reason is not None:
        item["reason"] = result.reason
    return item

"""The audit trail's part of the API."""

from typing import Annotated

from annotated_types import Len
from fastapi import APIRouter, Query
from pydantic import TypeAdapter
from starlette.requests import Request
from starlette.responses import Response

from datastorage.audit import AuditQuery, check_events, list_events, store_events
from datastorage.database import Database
from datastorage.metrics import AUDIT, WRITES
from datastorage.models._generated import AuditBatchStored, AuditEventInput, AuditEventStored
from datastorage.models.bodies import read_body
from datastorage.problems import DatabaseUnavailableError
from datastorage.workflow_routes import answer

EVENT = TypeAdapter(AuditEventInput)
BATCH: TypeAdapter[list[AuditEventInput]] = TypeAdapter(
    Annotated[list[AuditEventInput], Len(1, 1000)]
)


def audit_routes(database: Database) -> APIRouter:
    """The routes below /api/v1/audit/events."""
    router = APIRouter(prefix="/api/v1/audit/events")

    async def store(events: list[AuditEventInput]) -> list[str]:
        try:
            with WRITES.labels("audit_events").time():
                async with database.transaction() as connection:
                    ids = await store_events(connection, events)
        except DatabaseUnavailableError:
            AUDIT.labels("datastorage", "failure").inc(len(events))
            raise
        AUDIT.labels("datastorage", "success").inc(len(events))
        return [str(event_id) for event_id in ids]

    @router.post("")
    async def create(request: Request) -> Response:
        event = await read_body(request, EVENT)
        check_events([event], indexed=False)
        [event_id] = await store([event])
        body = {"event_id": event_id, "event_timestamp": event.event_timestamp, "message": "stored"}
        return answer(AuditEventStored.model_validate(body), 201)

    @router.post("/batch")
    async def create_batch(request: Request) -> Response:
        events = await read_body(request, BATCH)
        check_events(events, indexed=True)
        body = {"event_ids": await store(events), "message": f"{len(events)} events stored"}
        return answer(AuditBatchStored.model_validate(body), 201)

    @router.get("")
    async def list_audit_events(query: Annotated[AuditQuery, Query()]) -> Response:
        async with database.transaction() as connection:
            return answer(await list_events(connection, query))

    return router

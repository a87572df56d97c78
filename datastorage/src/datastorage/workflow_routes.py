"""The catalogue's part of the API."""

import time
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, TypeAdapter
from pydantic_core import to_json
from starlette.requests import Request
from starlette.responses import Response

from datastorage import catalogue
from datastorage.audit import AuditTrail
from datastorage.creation import Creation
from datastorage.database import Database
from datastorage.events import search_completed
from datastorage.models._generated import (
    DisableRequest,
    SearchRequest,
    WorkflowInput,
    WorkflowPatch,
    WorkflowVersions,
)
from datastorage.models.bodies import read_body, read_patch
from datastorage.patterns import workflow_errors
from datastorage.problems import InvalidError, WorkflowConflictError
from datastorage.search import search
from datastorage.senders import sender_of
from datastorage.trail import MAX_OFFSET
from datastorage.workflow_batch import create_all

INPUT = TypeAdapter(WorkflowInput)
SEARCH = TypeAdapter(SearchRequest)
PATCH = TypeAdapter(WorkflowPatch)
DISABLE = TypeAdapter(DisableRequest)
Status = Literal["active", "disabled", "deprecated", "archived"]
Priority = Literal["P0", "P1", "P2", "P3", "*"]
Environment = Annotated[str | None, Query(min_length=1, max_length=255)]


def answer(body: BaseModel, status: int = 200) -> Response:
    """A model as JSON; what is None is left out."""
    text = body.model_dump_json(by_alias=True, exclude_none=True)
    return Response(text, status, media_type="application/json")


def workflow_routes(database: Database, creation: Creation, trail: AuditTrail) -> APIRouter:
    """The routes below /api/v1/workflows."""
    router = APIRouter(prefix="/api/v1/workflows")
    _add_writing(router, creation)
    _add_reading(router, database, trail)
    _add_status(router, database)
    return router


def _add_writing(router: APIRouter, creation: Creation) -> None:
    @router.post("")
    async def create(request: Request) -> Response:
        workflow = await read_body(request, INPUT)
        errors = workflow_errors(workflow)
        if errors:
            raise InvalidError(errors)
        [made] = await creation.create([workflow], sender_of(request))
        if made.outcome == "conflict":
            differing = list(made.differing)
            raise WorkflowConflictError(workflow.workflow_name, workflow.version, differing)
        return answer(made.workflow, 201 if made.outcome == "created" else 200)

    @router.post("/batch")
    async def create_batch(request: Request) -> Response:
        result = await create_all(creation, await request.body(), sender_of(request))
        stored = all(item.outcome in ("created", "existing") for item in result.results)
        return answer(result, 201 if stored else 207)


def _add_reading(router: APIRouter, database: Database, trail: AuditTrail) -> None:
    @router.get("")
    async def list_workflows(
        workflow_name: str | None = None,
        status: Status | None = None,
        priority: Priority | None = None,
        component: str | None = None,
        environment: Environment = None,
        limit: Annotated[int, Query(ge=1, le=1000)] = 50,
        offset: Annotated[int, Query(ge=0, le=MAX_OFFSET)] = 0,
        cursor: Annotated[str | None, Query(min_length=1, max_length=512)] = None,
    ) -> Response:
        filters: dict[str, str | None] = {
            "workflow_name": workflow_name,
            "status": status,
            "priority": priority,
            "component": component,
            "environment": environment,
        }
        async with database.connection() as connection:
            page = await catalogue.find(connection, filters, limit, offset, cursor)
        return Response(page, media_type="application/json")

    @router.post("/search")
    async def search_workflows(request: Request) -> Response:
        wanted = await read_body(request, SEARCH)
        begun = time.perf_counter()
        async with database.connection() as connection:
            found = await search(connection, wanted)
        milliseconds = round((time.perf_counter() - begun) * 1000)
        event = search_completed(wanted, found, request.state.request_id, milliseconds)
        await trail.trace(event, sender_of(request))
        filters = wanted.filters.model_dump(mode="json", exclude_none=True)
        body = {"workflows": found.hits, "total_results": found.total, "filters": filters}
        return Response(to_json(body), media_type="application/json")

    @router.get("/by-name/{workflow_name}/versions")
    async def versions(workflow_name: str) -> Response:
        async with database.connection() as connection:
            rows = await catalogue.versions(connection, workflow_name)
        body = WorkflowVersions(workflow_name=workflow_name, versions=rows, total=len(rows))
        return answer(body)

    @router.get("/{workflow_id}")
    async def get(workflow_id: str) -> Response:
        async with database.connection() as connection:
            return answer(await catalogue.get(connection, workflow_id))


def _add_status(router: APIRouter, database: Database) -> None:
    @router.patch("/{workflow_id}")
    async def update(workflow_id: str, request: Request) -> Response:
        patch = await read_patch(request, PATCH)
        by, reason = patch.disabled_by, patch.disabled_reason
        async with database.connection() as connection:
            row = await catalogue.set_status(connection, workflow_id, patch.status, by, reason)
        return answer(row)

    @router.patch("/{workflow_id}/disable")
    async def disable(workflow_id: str, request: Request) -> Response:
        body = await read_body(request, DISABLE)
        by, reason = body.updated_by, body.reason
        async with database.connection() as connection:
            row = await catalogue.set_status(connection, workflow_id, "disabled", by, reason)
        return answer(row)

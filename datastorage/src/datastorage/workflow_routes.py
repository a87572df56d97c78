"""The catalogue's part of the API."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, TypeAdapter
from starlette.requests import Request
from starlette.responses import Response

from datastorage import catalogue
from datastorage.audit import store_events
from datastorage.database import Database
from datastorage.events import search_completed, workflow_created
from datastorage.metrics import WORKFLOWS, WRITES
from datastorage.models._generated import (
    DisableRequest,
    RemediationWorkflow,
    SearchHit,
    SearchRequest,
    SearchResponse,
    WorkflowInput,
    WorkflowPatch,
    WorkflowVersions,
)
from datastorage.models.bodies import read_body, read_patch
from datastorage.problems import WorkflowConflictError
from datastorage.search import score

INPUT = TypeAdapter(WorkflowInput)
SEARCH = TypeAdapter(SearchRequest)
PATCH = TypeAdapter(WorkflowPatch)
DISABLE = TypeAdapter(DisableRequest)
Status = Literal["active", "disabled", "deprecated", "archived"]
Priority = Literal["P0", "P1", "P2", "P3", "*"]
Environment = Literal["production", "staging", "development", "test", "*"]


def answer(body: BaseModel, status: int = 200) -> Response:
    """A model as JSON; what is None is left out."""
    text = body.model_dump_json(by_alias=True, exclude_none=True)
    return Response(text, status, media_type="application/json")


def workflow_routes(database: Database) -> APIRouter:
    """The routes below /api/v1/workflows."""
    router = APIRouter(prefix="/api/v1/workflows")

    @router.post("")
    async def create(request: Request) -> Response:
        workflow = await read_body(request, INPUT)
        try:
            with WRITES.labels("remediation_workflow_catalog").time():
                async with database.transaction() as connection:
                    made = await catalogue.create(connection, workflow)
                    if made.outcome == "created":
                        await store_events(connection, [workflow_created(made.workflow)])
        except WorkflowConflictError:
            WORKFLOWS.labels("conflict").inc()
            raise
        WORKFLOWS.labels(made.outcome).inc()
        return answer(made.workflow, 201 if made.outcome == "created" else 200)

    @router.get("")
    async def list_workflows(
        workflow_name: str | None = None,
        status: Status | None = None,
        priority: Priority | None = None,
        component: str | None = None,
        environment: Environment | None = None,
        limit: Annotated[int, Query(ge=1, le=100)] = 50,
        offset: Annotated[int, Query(ge=0)] = 0,
    ) -> Response:
        filters: dict[str, str | None] = {
            "workflow_name": workflow_name,
            "status": status,
            "priority": priority,
            "component": component,
            "environment": environment,
        }
        async with database.transaction() as connection:
            return answer(await catalogue.find(connection, filters, limit, offset))

    @router.post("/search")
    async def search(request: Request) -> Response:
        wanted = await read_body(request, SEARCH)
        async with database.transaction() as connection:
            found = await catalogue.matching(
                connection, wanted.filters, include_disabled=bool(wanted.include_disabled)
            )
            result = _ranked(wanted, found)
            ids = [str(hit.workflow_id) for hit in result.workflows]
            event = search_completed(wanted, ids, request.state.request_id)
            await store_events(connection, [event])
        return answer(result)

    @router.get("/by-name/{workflow_name}/versions")
    async def versions(workflow_name: str) -> Response:
        async with database.transaction() as connection:
            rows = await catalogue.versions(connection, workflow_name)
        body = WorkflowVersions(workflow_name=workflow_name, versions=rows, total=len(rows))
        return answer(body)

    @router.get("/{workflow_id}")
    async def get(workflow_id: str) -> Response:
        async with database.transaction() as connection:
            return answer(await catalogue.get(connection, workflow_id))

    @router.patch("/{workflow_id}")
    async def update(workflow_id: str, request: Request) -> Response:
        patch = await read_patch(request, PATCH)
        by, reason = patch.disabled_by, patch.disabled_reason
        async with database.transaction() as connection:
            row = await catalogue.set_status(connection, workflow_id, patch.status, by, reason)
        return answer(row)

    @router.patch("/{workflow_id}/disable")
    async def disable(workflow_id: str, request: Request) -> Response:
        body = await read_body(request, DISABLE)
        by, reason = body.updated_by, body.reason
        async with database.transaction() as connection:
            row = await catalogue.set_status(connection, workflow_id, "disabled", by, reason)
        return answer(row)

    return router


def _ranked(wanted: SearchRequest, found: list[RemediationWorkflow]) -> SearchResponse:
    scored = [(score(workflow, wanted.filters), workflow) for workflow in found]
    fit = [pair for pair in scored if pair[0].final >= (wanted.min_score or 0)]
    # The sort is stable: equal scores stay newest first.
    fit.sort(key=lambda pair: -pair[0].final)
    hits = [
        SearchHit(
            workflow_id=workflow.workflow_id,
            title=workflow.name,
            description=workflow.description,
            signal_type=workflow.labels.signal_type,
            container_image=workflow.container_image,
            container_digest=workflow.container_digest,
            confidence=points.final,
            label_boost=points.boost,
            label_penalty=points.penalty,
            final_score=points.final,
            rank=rank,
            custom_labels=workflow.custom_labels,
            detected_labels=workflow.detected_labels,
        )
        for rank, (points, workflow) in enumerate(fit[: wanted.top_k or 10], start=1)
    ]
    return SearchResponse(workflows=hits, total_results=len(fit), filters=wanted.filters)

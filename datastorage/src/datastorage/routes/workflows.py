"""Routes of the workflow catalogue."""

from typing import Any, Literal

from fastapi import APIRouter, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from datastorage.catalogue import Catalogue
from datastorage.models import DisableRequest, SearchRequest, WorkflowInput, WorkflowPatch
from datastorage.problems import ImmutableFieldError
from datastorage.search import search

router = APIRouter(prefix="/api/v1/workflows")
Limit = Query(50, ge=1, le=100)
Offset = Query(0, ge=0)
Status = Literal["active", "disabled", "deprecated", "archived"]
Priority = Literal["P0", "P1", "P2", "P3", "*"]
Environment = Literal["production", "staging", "development", "test", "*"]


def _catalogue(request: Request) -> Catalogue:
    catalogue: Catalogue = request.app.state.catalogue
    return catalogue


@router.post("", status_code=201)
async def create(body: WorkflowInput, request: Request, response: Response) -> Any:
    """Create a workflow, or confirm that the same one exists."""
    document = body.model_dump(mode="json", exclude_none=True)
    workflow, new = await _catalogue(request).create(document)
    response.status_code = 201 if new else 200
    return workflow


@router.get("")
async def list_workflows(
    request: Request,
    workflow_name: str | None = None,
    status: Status | None = None,
    priority: Priority | None = None,
    component: str | None = None,
    environment: Environment | None = None,
    limit: int = Limit,
    offset: int = Offset,
) -> Any:
    """One page of workflows, newest first."""
    filters = {
        "workflow_name": workflow_name,
        "status": status,
        "priority": priority,
        "component": component,
        "environment": environment,
    }
    found, total = await _catalogue(request).list(filters, limit, offset)
    return {"workflows": found, "limit": limit, "offset": offset, "total": total}


@router.post("/search")
async def search_workflows(body: SearchRequest, request: Request) -> Any:
    """The workflows that fit a signal, best first."""
    return await search(request.app.state.database, body)


@router.get("/by-name/{workflow_name}/versions")
async def list_versions(workflow_name: str, request: Request) -> Any:
    """All versions of one name, newest first."""
    found, total = await _catalogue(request).list({"workflow_name": workflow_name}, 100, 0)
    return {"workflow_name": workflow_name, "versions": found, "total": total}


@router.get("/{workflow_id}")
async def get(workflow_id: str, request: Request) -> Any:
    """One workflow."""
    return await _catalogue(request).get(workflow_id)


@router.patch("/{workflow_id}")
async def update(workflow_id: str, body: dict[str, Any], request: Request) -> Any:
    """Change the status; every other field is immutable."""
    immutable = set(body) & set(WorkflowInput.model_fields) - {"status"}
    if immutable:
        raise ImmutableFieldError(immutable)
    patch = _validated(body)
    return await _catalogue(request).set_status(
        workflow_id, patch.status.root, patch.disabled_by, patch.disabled_reason
    )


@router.patch("/{workflow_id}/disable")
async def disable(workflow_id: str, body: DisableRequest, request: Request) -> Any:
    """Disable a workflow."""
    return await _catalogue(request).set_status(
        workflow_id, "disabled", body.updated_by, body.reason
    )


def _validated(body: dict[str, Any]) -> WorkflowPatch:
    try:
        return WorkflowPatch.model_validate(body)
    except ValidationError as error:
        raise RequestValidationError(error.errors()) from error

"""Reads request bodies; every error is a 400 that names the fields."""

import json
from typing import Any, TypeVar

from fastapi.exceptions import RequestValidationError
from pydantic import TypeAdapter, ValidationError
from starlette.requests import Request

from datastorage.models._generated import WorkflowPatch
from datastorage.problems import ImmutableFieldError

T = TypeVar("T")


async def read_body(request: Request, adapter: TypeAdapter[T]) -> T:
    """The body, checked against a model without converting types."""
    try:
        return adapter.validate_json(await request.body(), strict=True)
    except ValidationError as error:
        raise RequestValidationError(error.errors(include_url=False)) from error


async def read_text(request: Request) -> str:
    """The body as text."""
    try:
        return (await request.body()).decode()
    except UnicodeDecodeError as error:
        wrong = {"type": "encoding", "loc": ("body",), "msg": "is not UTF-8"}
        raise RequestValidationError([wrong]) from error


async def read_patch(request: Request, adapter: TypeAdapter[WorkflowPatch]) -> WorkflowPatch:
    """A patch; a field that it may not change is an error of its own."""
    _refuse_immutable(_object(await request.body()))
    return await read_body(request, adapter)


def _refuse_immutable(body: dict[str, Any]) -> None:
    unknown = body.keys() - WorkflowPatch.model_fields.keys()
    if unknown:
        raise ImmutableFieldError(unknown)


def _object(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        # What is no JSON at all is reported by the model.
        return {}
    return value if isinstance(value, dict) else {}

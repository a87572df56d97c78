"""Reads request bodies; every error is a 400 that names the fields."""

import json
from collections.abc import Iterator
from typing import Any, TypeVar

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, TypeAdapter, ValidationError
from starlette.requests import Request

from datastorage.models._generated import WorkflowPatch
from datastorage.problems import ImmutableFieldError, InvalidError

T = TypeVar("T")
NO_NULL = "must not be null; leave it out"


async def read_body(request: Request, adapter: TypeAdapter[T]) -> T:
    """The body, checked against a model without converting types."""
    body = await request.body()
    try:
        value = adapter.validate_json(body, strict=True)
    except ValidationError as error:
        raise RequestValidationError(error.errors(include_url=False)) from error
    # The models cannot tell a null from a field that is not there.
    nulls = dict.fromkeys(null_paths(value), NO_NULL) if b"null" in body else {}
    if nulls:
        raise InvalidError(nulls)
    return value


def null_paths(value: object, path: str = "") -> Iterator[str]:
    """Where a body gives null for a field of its model."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from null_paths(item, f"{path}{index}.")
    if isinstance(value, BaseModel):
        for name in value.model_fields_set:
            field = type(value).model_fields.get(name)
            shown = (field.alias if field else None) or name
            if getattr(value, name) is None and field is not None:
                yield path + shown
            yield from null_paths(getattr(value, name), f"{path}{shown}.")


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
        # What is not JSON at all is reported by the model.
        return {}
    return value if isinstance(value, dict) else {}

"""Problem documents (RFC 9457): errors that know their answer, and how it is sent.

ProblemError    carries status, slug, title, detail, headers and extra members
"""

import json
from collections.abc import Awaitable, Callable, Coroutine, Mapping, MutableMapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

BASE = "https://kubernaut.ai/problems/"
Handler = Callable[[Request, Any], Coroutine[Any, Any, Response]]
TITLES = {404: ("not-found", "Not Found"), 405: ("method-not-allowed", "Method Not Allowed")}


class ProblemError(Exception):
    """An error whose answer is a problem document."""

    def __init__(
        self,
        status: int,
        slug: str,
        title: str,
        detail: str,
        *,
        headers: Mapping[str, str] | None = None,
        **members: Any,
    ) -> None:
        super().__init__(detail)
        self.status, self.slug, self.title, self.detail = status, slug, title, detail
        self.headers = dict(headers or {})
        self.members = members


def problem_body(status: int, slug: str, title: str, detail: str, **members: Any) -> dict[str, Any]:
    """The members of a problem document; those that are None are left out."""
    body = {"type": BASE + slug, "title": title, "status": status, "detail": detail, **members}
    return {name: value for name, value in body.items() if value is not None}


async def send_problem(
    send: Callable[[MutableMapping[str, Any]], Awaitable[None]],
    body: Mapping[str, Any],
    headers: Mapping[str, str] | None = None,
) -> None:
    """Send a problem document as a whole response, without any framework."""
    content = json.dumps(body).encode()
    all_headers = {
        "content-type": "application/problem+json",
        "content-length": str(len(content)),
        **(headers or {}),
    }
    raw = [(name.lower().encode(), value.encode()) for name, value in all_headers.items()]
    await send({"type": "http.response.start", "status": body["status"], "headers": raw})
    await send({"type": "http.response.body", "body": content})


def problem_response(request: Request, error: ProblemError) -> Response:
    """The response to a ProblemError, with path and request id filled in."""
    body = problem_body(
        error.status,
        error.slug,
        error.title,
        error.detail,
        instance=request.url.path,
        request_id=getattr(request.state, "request_id", None),
        **error.members,
    )
    return Response(
        json.dumps(body), error.status, error.headers, media_type="application/problem+json"
    )


async def on_problem(request: Request, error: Exception) -> Response:
    """Exception handler for ProblemError."""
    assert isinstance(error, ProblemError)  # noqa: S101 # registered for this class only
    return problem_response(request, error)


async def on_http_exception(request: Request, error: Exception) -> Response:
    """Exception handler for the framework's own 404, 405 and the like."""
    status = getattr(error, "status_code", 500)
    slug, title = TITLES.get(status, ("bad-request", "Bad Request"))
    detail = f"{request.method} {request.url.path}: {title.lower()}"
    # A 405 says in Allow what the path has.
    headers: Mapping[str, str] | None = getattr(error, "headers", None)
    return problem_response(request, ProblemError(status, slug, title, detail, headers=headers))


async def on_validation_error(request: Request, error: Exception) -> Response:
    """Exception handler for FastAPI's RequestValidationError: 400 with one line per field."""
    errors: list[dict[str, Any]] = list(getattr(error, "errors", list)())
    fields = {
        ".".join(str(part) for part in item["loc"] if part != "body") or "body": item["msg"]
        for item in errors
    }
    first = next(iter(fields.items()), ("body", "invalid"))
    more = f" (and {len(fields) - 1} more)" if len(fields) > 1 else ""
    problem = ProblemError(
        400,
        "validation-error",
        "Validation Error",
        f"{first[0]}: {first[1]}{more}",
        field_errors=fields,
    )
    return problem_response(request, problem)


def problem_handlers(validation_error: type[Exception]) -> dict[int | type[Exception], Handler]:
    """An application's exception handlers, with which every error is a problem document."""
    return {
        ProblemError: on_problem,
        HTTPException: on_http_exception,
        validation_error: on_validation_error,
    }

"""Every error as a problem document."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from kube_auth.problem import problem_body
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

SLUGS = {
    400: "validation-error",
    401: "unauthorized",
    403: "forbidden",
    404: "not-found",
    405: "method-not-allowed",
    413: "payload-too-large",
    502: "bad-gateway",
    503: "service-unavailable",
    504: "gateway-timeout",
}
RETRY_AFTER = 2


def problem(
    request: Request,
    status: int,
    detail: str,
    *,
    headers: Mapping[str, str] | None = None,
    **members: Any,
) -> JSONResponse:
    """A problem response; a 503 always says when to try again."""
    all_headers = dict(headers or {})
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        all_headers.setdefault("Retry-After", str(RETRY_AFTER))
    body = problem_body(
        status,
        SLUGS.get(status, "internal-error"),
        HTTPStatus(status).phrase,
        detail,
        instance=request.url.path,
        request_id=request.scope.get("state", {}).get("request_id"),
        **members,
    )
    return JSONResponse(body, status, all_headers, media_type="application/problem+json")


def field_errors(error: RequestValidationError) -> dict[str, str]:
    """The first message for each field."""
    found: dict[str, str] = {}
    for item in error.errors():
        location = [str(part) for part in item["loc"] if part != "body"]
        message = str(item["msg"]).removeprefix("Value error, ")
        name = ".".join(location)
        if not name and message.startswith("recovery_attempt_number"):
            name = "recovery_attempt_number"
        found.setdefault(name or "body", message)
    return found


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    errors = field_errors(error)
    detail = "; ".join(f"{name}: {message}" for name, message in errors.items())
    return problem(request, 400, detail, field_errors=errors)


async def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101
    return problem(request, error.status_code, str(error.detail), headers=error.headers)


def install(app: FastAPI) -> None:
    """Answer the framework's errors as problems."""
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)

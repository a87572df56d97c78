"""JSON lines on standard error, one per event."""

import json
import logging
import re
import sys
import time
import uuid
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import structlog
from kube_auth.problem import problem_body, send_problem

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{1,128}")
log = structlog.get_logger("holmesgpt_api")


def _dumps(value: object, **options: Any) -> str:
    return json.dumps(value, separators=(",", ":"), **options)


def configure(level: str) -> None:
    """Send our events and the libraries' warnings to standard error."""
    number = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(serializer=_dumps),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    logging.basicConfig(
        level=max(number, logging.WARNING), handlers=[_Forward()], force=True
    )


class _Forward(logging.Handler):
    """Hands the standard library's records to structlog."""

    def emit(self, record: logging.LogRecord) -> None:
        level = record.levelname.lower()
        log.log(
            record.levelno,
            record.getMessage(),
            logger=record.name,
            source_level=level,
            exc_info=record.exc_info or None,
        )


class AccessLog:
    """Gives each request an id, logs it, and answers what nobody caught."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = _request_id(scope)
        scope.setdefault("state", {})["request_id"] = request_id
        status = 0
        begun = time.monotonic()

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = list(message.get("headers", ()))
                message["headers"] = [*headers, (b"x-request-id", request_id.encode())]
            await send(message)

        request = f"{scope['method']} {scope['path']}"
        try:
            await self._app(scope, receive, send_with_id)
        except Exception:
            log.exception("unhandled error", request=request, request_id=request_id)
            if not status:
                await send_problem(send_with_id, _internal_error(scope, request_id))
        finally:
            duration = round((time.monotonic() - begun) * 1000, 1)
            log.info(
                "request",
                request=request,
                status=status,
                duration_ms=duration,
                request_id=request_id,
            )


def _request_id(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name.lower() == b"x-request-id" and REQUEST_ID.fullmatch(value):
            return str(value.decode())
    return uuid.uuid4().hex


def _internal_error(scope: Scope, request_id: str) -> dict[str, Any]:
    return problem_body(
        500,
        "internal-error",
        "Internal Server Error",
        "the request could not be processed",
        instance=scope["path"],
        request_id=request_id,
    )

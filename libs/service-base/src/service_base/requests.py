"""ASGI middleware: a request id for each request, one log line, a limit on its body."""

import re
import time
import uuid
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import structlog

from service_base.problems import problem_body, send_problem

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{1,128}")
log = structlog.get_logger("access")


class BodyTooLargeError(Exception):
    """The request body passed the limit."""


class RequestMiddleware:
    """Names, measures and bounds each request; outermost of all middleware.

    `scope["state"]["request_id"]` is the client's X-Request-ID when it is well
    formed, else a new one. The answer carries it.
    """

    def __init__(self, app: App, *, max_body: int = 1_048_576) -> None:
        self._app = app
        self._max_body = max_body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = _request_id(scope)
        scope.setdefault("state", {})["request_id"] = request_id
        started, status = time.perf_counter(), 0

        async def send_named(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [
                    *message.get("headers", []),
                    (b"x-request-id", request_id.encode()),
                ]
            await send(message)

        try:
            await self._app(scope, self._bounded(receive), send_named)
        except BodyTooLargeError:
            await send_problem(send_named, self._too_large(scope, request_id))
        except Exception:
            # The last boundary: the client gets a problem, the log the traceback.
            log.exception("unhandled error", request_id=request_id)
            if status == 0:
                await send_problem(send_named, _internal(scope, request_id))
        finally:
            # Probes come many times a second and would bury the rest.
            note = log.debug if scope["path"].startswith("/health") else log.info
            note(
                "request",
                request=f"{scope['method']} {scope['path']}",
                status=status,
                duration_ms=round((time.perf_counter() - started) * 1000, 2),
                request_id=request_id,
            )

    def _bounded(self, receive: Receive) -> Receive:
        seen = 0

        async def bounded() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > self._max_body:
                raise BodyTooLargeError
            return message

        return bounded

    def _too_large(self, scope: Scope, request_id: str) -> dict[str, Any]:
        detail = f"the body may have {self._max_body} bytes"
        return problem_body(
            413,
            "payload-too-large",
            "Payload Too Large",
            detail,
            instance=scope["path"],
            request_id=request_id,
        )


def _internal(scope: Scope, request_id: str) -> dict[str, Any]:
    return problem_body(
        500,
        "internal-error",
        "Internal Error",
        "the service failed; its log has the cause under this request id",
        instance=scope["path"],
        request_id=request_id,
    )


def _request_id(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name.lower() == b"x-request-id" and REQUEST_ID.fullmatch(value):
            return str(value.decode())
    return str(uuid.uuid4())

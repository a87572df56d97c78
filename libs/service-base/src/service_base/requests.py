"""ASGI middleware: a request id for each request, one log line, a limit on its body."""

import asyncio
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
        exchange = _Exchange(scope, receive, send, self._max_body)
        started = time.perf_counter()
        try:
            await self._app(scope, exchange.receive, exchange.send)
        except BodyTooLargeError:
            await exchange.refuse_body()
        except asyncio.CancelledError:
            # The server waits no longer; the client gets an answer, not a cut connection.
            await exchange.fail(503, "service-unavailable", "Service Unavailable", STOPPING)
            raise
        except Exception:
            # The last boundary: the client gets a problem, the log the traceback.
            log.exception("unhandled error", request_id=exchange.request_id)
            await exchange.fail(500, "internal-error", "Internal Error", UNHANDLED)
        finally:
            _note(scope, exchange, time.perf_counter() - started)


STOPPING = "the service is stopping; try again"
UNHANDLED = "the service failed; its log has the cause under this request id"


class _Exchange:
    """One request and its answer: what was received, and whether the answer has begun."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, max_body: int) -> None:
        self.status = 0
        self.request_id = _request_id(scope)
        scope.setdefault("state", {})["request_id"] = self.request_id
        self._path = scope["path"]
        self._receive, self._send = receive, send
        self._max_body = max_body
        self._seen = 0
        self._refused = False

    async def receive(self) -> Message:
        """The next part of the body. Raises BodyTooLargeError beyond the limit."""
        message = await self._receive()
        self._seen += len(message.get("body", b""))
        if self._seen > self._max_body:
            raise BodyTooLargeError
        return message

    async def send(self, message: Message) -> None:
        """Pass a part of the answer on, unless the body has been refused meanwhile.

        An application that takes the error of `receive` for another one, as FastAPI
        does, answers it in its own way.
        """
        if self._seen > self._max_body and self.status == 0:
            await self.refuse_body()
        if not self._refused:
            await self._pass(message)

    async def refuse_body(self) -> None:
        """Answer 413 when nothing has been answered yet; an answer that began stays cut off."""
        detail = f"the body may have {self._max_body} bytes"
        self._refused = self.status == 0
        await self.fail(413, "payload-too-large", "Payload Too Large", detail)

    async def fail(self, status: int, slug: str, title: str, detail: str) -> None:
        """Answer with a problem when nothing has been answered yet."""
        if self.status != 0:
            return
        body = problem_body(
            status, slug, title, detail, instance=self._path, request_id=self.request_id
        )
        headers = {"Retry-After": "1"} if status == 503 else {}
        await send_problem(self._pass, body, headers)

    async def _pass(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message["headers"] = [
                *message.get("headers", []),
                (b"x-request-id", self.request_id.encode()),
            ]
        await self._send(message)


def _note(scope: Scope, exchange: _Exchange, seconds: float) -> None:
    # Probes come many times a second and would bury the rest.
    note = log.debug if scope["path"].startswith("/health") else log.info
    note(
        "request",
        request=f"{scope['method']} {scope['path']}",
        status=exchange.status,
        duration_ms=round(seconds * 1000, 2),
        request_id=exchange.request_id,
    )


def _request_id(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name.lower() == b"x-request-id" and REQUEST_ID.fullmatch(value):
            return str(value.decode())
    return str(uuid.uuid4())

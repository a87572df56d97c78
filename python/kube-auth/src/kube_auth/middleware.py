"""ASGI middleware that lets a request through only after both reviews said yes."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import structlog
from service_base.problems import problem_body, send_problem

from kube_auth.bearer import bearer_token
from kube_auth.contract import Authorization
from kube_auth.errors import ReviewUnavailableError
from kube_auth.metrics import REQUESTS
from kube_auth.reviewer import Reviewer

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

MAX_HEADER_BYTES = 32_768
IDENTITY_PREFIXES = (
    b"impersonate-",
    b"x-remote-",
    b"x-auth-request-",
    b"x-forwarded-user",
    b"x-forwarded-group",
)
log = structlog.get_logger("kube_auth")


class KubeAuthMiddleware:
    """Decides on the decoded path alone; anything undecided is refused.

    After success `scope["state"]["identity"]` holds the Identity, and neither
    Authorization nor identity headers sent by the client reach the application.
    """

    def __init__(self, app: App, *, reviewer: Reviewer, authorization: Authorization) -> None:
        self._app = app
        self._reviewer = reviewer
        self._authorization = authorization

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve lifespan and exempt paths at once, everything else after the reviews."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["path"] in self._authorization.exempt:
            scope["headers"] = _without_identity(scope["headers"])
            await self._app(scope, receive, send)
            return
        await self._guarded(scope, receive, send)

    async def _guarded(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = scope["headers"]
        if sum(len(name) + len(value) for name, value in headers) > MAX_HEADER_BYTES:
            await self._refuse(scope, send, 431, "headers-too-large", "Headers Too Large", "")
            return
        token = bearer_token(headers)
        if token is None:
            await self._unauthorized(scope, send, "a bearer token is required")
            return
        try:
            identity = await self._reviewer.review_token(token)
            if identity is None:
                await self._unauthorized(scope, send, "the token is not valid for this service")
                return
            attributes = self._authorization.attributes(scope["method"])
            allowed = attributes is not None and await self._reviewer.review_access(
                identity, attributes
            )
        except ReviewUnavailableError as error:
            log.warning("review unavailable", reason=str(error))
            await self._unavailable(scope, send, error.retry_after)
            return
        if not allowed:
            REQUESTS.labels("forbidden").inc()
            detail = f"{identity.username} may not {scope['method']} this resource"
            await self._refuse(scope, send, 403, "forbidden", "Forbidden", detail)
            return
        REQUESTS.labels("allowed").inc()
        scope["headers"] = _without_identity(headers)
        scope.setdefault("state", {})["identity"] = identity
        await self._app(scope, receive, send)

    async def _unauthorized(self, scope: Scope, send: Send, detail: str) -> None:
        REQUESTS.labels("unauthorized").inc()
        headers = {"WWW-Authenticate": "Bearer"}
        await self._refuse(scope, send, 401, "unauthorized", "Unauthorized", detail, headers)

    async def _unavailable(self, scope: Scope, send: Send, retry_after: int) -> None:
        REQUESTS.labels("unavailable").inc()
        headers = {"Retry-After": str(retry_after)}
        detail = "the token could not be reviewed; try again"
        title = "Service Unavailable"
        await self._refuse(scope, send, 503, "service-unavailable", title, detail, headers)

    async def _refuse(
        self,
        scope: Scope,
        send: Send,
        status: int,
        slug: str,
        title: str,
        detail: str,
        headers: dict[str, str] | None = None,
    ) -> None:
        request_id = scope.get("state", {}).get("request_id")
        body = problem_body(
            status, slug, title, detail, instance=scope["path"], request_id=request_id
        )
        await send_problem(send, body, headers)


def _without_identity(headers: Any) -> list[tuple[bytes, bytes]]:
    return [
        (name, value)
        for name, value in headers
        if name.lower() != b"authorization"
        and not name.lower().replace(b"_", b"-").startswith(IDENTITY_PREFIXES)
    ]

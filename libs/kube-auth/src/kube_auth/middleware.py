"""ASGI middleware that lets a request through only after both reviews said yes."""

import logging
import traceback
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from kube_auth import refusals
from kube_auth.bearer import bearer_token
from kube_auth.contract import Authorization
from kube_auth.errors import ReviewUnavailableError
from kube_auth.headers import RequestHeaders, read_headers
from kube_auth.identity import Identity
from kube_auth.metrics import REQUESTS
from kube_auth.refusals import Refusal, Scope, Send
from kube_auth.reviewer import Reviewer

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

MAX_HEADER_BYTES = 32_768
log = logging.getLogger("kube_auth")


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
            # No contract here has a websocket, so nobody has a right to one.
            await send({"type": "websocket.close", "code": 1008})
            return
        headers = read_headers(scope["headers"])
        decision = await self._decide(scope, headers)
        if isinstance(decision, Refusal):
            REQUESTS[decision.result].inc()
            await decision.send(scope, send)
            return
        REQUESTS["exempt" if decision is None else "allowed"].inc()
        scope["headers"] = headers.kept
        if decision is not None:
            scope.setdefault("state", {})["identity"] = decision
        await self._app(scope, receive, send)

    async def _decide(self, scope: Scope, headers: RequestHeaders) -> Identity | Refusal | None:
        """The caller's identity, None for a path that needs none, or why not."""
        if headers.size > MAX_HEADER_BYTES:
            return refusals.headers_too_large(MAX_HEADER_BYTES)
        if scope["path"] in self._authorization.exempt:
            return None
        token = bearer_token(headers.authorization)
        if token is None:
            return refusals.unauthorized("a bearer token is required")
        try:
            return await self._review(token, scope["method"])
        except ReviewUnavailableError as error:
            log.warning("review unavailable", extra={"reason": str(error)})
            return refusals.unavailable(error)
        except Exception as error:
            # The boundary that keeps a defect from hanging or admitting a caller. The
            # error's text may quote the token: the place tells enough.
            defect = {"error": type(error).__name__, "at": _place(error)}
            log.error("review failed", extra=defect)
            return refusals.failed()

    async def _review(self, token: str, method: str) -> Identity | Refusal:
        identity = await self._reviewer.review_token(token)
        if identity is None:
            return refusals.unauthorized("the token is not valid for this service")
        attributes = self._authorization.attributes(method)
        if attributes is None or not await self._reviewer.review_access(identity, attributes):
            return refusals.forbidden(identity.username, method)
        return identity


def _place(error: Exception) -> list[str]:
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{frame.filename}:{frame.lineno} in {frame.name}" for frame in frames[-5:]]

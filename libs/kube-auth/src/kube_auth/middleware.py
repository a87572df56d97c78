"""ASGI middleware that lets a request through only after both reviews said yes."""

import asyncio
import logging
import traceback
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from kube_auth import refusals
from kube_auth.authorization import Authorization
from kube_auth.bearer import bearer_token
from kube_auth.cache import ASKED
from kube_auth.decisions import Decision, note
from kube_auth.errors import ReviewUnavailableError
from kube_auth.headers import RequestHeaders, read_headers
from kube_auth.metrics import REQUESTS
from kube_auth.pace import Pace
from kube_auth.refusals import Refusal, Scope, Send
from kube_auth.reviewer import Reviewer
from kube_auth.settings import AuthSettings

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

MAX_HEADER_BYTES = 32_768
log = logging.getLogger("kube_auth")


class KubeAuthMiddleware:
    """Decides on the decoded path and the method alone; anything undecided is refused.

    After success `scope["state"]["identity"]` holds the Identity, and neither
    Authorization nor identity headers sent by the client reach the application.
    """

    def __init__(
        self,
        app: App,
        *,
        reviewer: Reviewer,
        authorization: Authorization,
        settings: AuthSettings | None = None,
    ) -> None:
        # The defaults, whatever the environment says: it is read by whoever makes settings.
        settings = settings or AuthSettings.model_construct()
        self._app = app
        self._reviewer = reviewer
        self._authorization = authorization
        self._enforced = settings.mode == "enforce"
        self._pace = Pace(settings.refusals)
        if not self._enforced:
            log.warning("report mode: decisions are logged and nobody is refused")

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
        if headers.size > MAX_HEADER_BYTES:
            await self._refuse(refusals.headers_too_large(MAX_HEADER_BYTES), scope, send)
            return
        if scope["path"] in self._authorization.exempt:
            REQUESTS["exempt"].inc()
        elif not await self._admits(scope, headers, send):
            return
        scope["headers"] = headers.kept
        await self._app(scope, receive, send)

    async def _admits(self, scope: Scope, headers: RequestHeaders, send: Send) -> bool:
        """Whether the request may go on; if not, it has been answered."""
        ASKED.set(False)
        try:
            decision = await self._decide(scope, headers)
        except asyncio.CancelledError:
            # The server waits no longer for this review; its caller still gets an answer.
            await refusals.stopping().send(scope, send)
            raise
        state = scope.setdefault("state", {})
        note(decision, ASKED.get(), self._enforced, state)
        if decision.refusal is not None and self._enforced:
            await self._refuse(decision.refusal, scope, send)
            return False
        REQUESTS[decision.result()].inc()
        if decision.identity is not None:
            state["identity"] = decision.identity
        return True

    async def _refuse(self, refusal: Refusal, scope: Scope, send: Send) -> None:
        REQUESTS[refusal.result].inc()
        if not refusal.paced:
            await refusal.send(scope, send)
            return
        try:
            keep = await self._pace.turn()
        except asyncio.CancelledError:
            await refusal.send(scope, send, close=True)
            raise
        await refusal.send(scope, send, close=not keep)

    async def _decide(self, scope: Scope, headers: RequestHeaders) -> Decision:
        """Who asks for what, and why not."""
        decision = Decision()
        token = bearer_token(headers.authorization)
        if token is None:
            decision.refusal = refusals.unauthorized("a bearer token is required")
            return decision
        try:
            decision.refusal = await self._review(decision, token, scope)
        except ReviewUnavailableError as error:
            log.warning("review unavailable", extra={"reason": str(error)})
            decision.refusal = refusals.unavailable(error)
        except Exception as error:
            # The boundary that keeps a defect from hanging or admitting a caller. The
            # error's text may quote the token: the place tells enough.
            defect = {"error": type(error).__name__, "at": _place(error)}
            log.error("review failed", extra=defect)
            decision.refusal = refusals.failed()
        return decision

    async def _review(self, decision: Decision, token: str, scope: Scope) -> Refusal | None:
        identity = await self._reviewer.review_token(token)
        if identity is None:
            return refusals.unauthorized("the token is not valid for this service")
        decision.identity = identity
        operation = self._authorization.find(scope["method"], scope["path"])
        if operation is None:
            # Never handed on: the application may have what the contract does not.
            return refusals.no_operation(self._authorization.methods(scope["path"]))
        decision.operation = operation
        if not await self._reviewer.review_access(identity, operation.attributes):
            return refusals.forbidden(identity.username, operation.what())
        return None


def _place(error: Exception) -> list[str]:
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{frame.filename}:{frame.lineno} in {frame.name}" for frame in frames[-5:]]

"""The answers of a request that does not get through, as problem documents (RFC 9457)."""

import json
from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kube_auth.errors import ReviewUnavailableError, TooManyReviewsError

Scope = MutableMapping[str, Any]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
TYPES = "https://kubernaut.ai/problems/"


@dataclass(frozen=True)
class Refusal:
    """One answer; `result` is its name in the metrics.

    A paced one waits its turn: who gets it could have known better than to ask.
    """

    result: str
    status: int
    slug: str
    title: str
    detail: str
    headers: Mapping[str, str] = field(default_factory=dict)
    paced: bool = True

    async def send(self, scope: Scope, send: Send, *, close: bool = False) -> None:
        """Send the problem document, with path and request id filled in."""
        content = json.dumps(self._body(scope)).encode()
        headers = {
            "content-type": "application/problem+json",
            "content-length": str(len(content)),
            **self.headers,
        }
        if close:
            headers["connection"] = "close"
        raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": self.status, "headers": raw})
        await send({"type": "http.response.body", "body": content})

    def _body(self, scope: Scope) -> dict[str, Any]:
        body = {
            "type": TYPES + self.slug,
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "instance": scope["path"],
        }
        request_id = scope.get("state", {}).get("request_id")
        return body if request_id is None else {**body, "request_id": request_id}


def headers_too_large(limit: int) -> Refusal:
    """The headers exceed the limit."""
    detail = f"the headers may have {limit} bytes"
    return Refusal("too_large", 431, "headers-too-large", "Request Header Fields Too Large", detail)


def unauthorized(detail: str) -> Refusal:
    """Nobody is known to have sent this."""
    headers = {"WWW-Authenticate": "Bearer"}
    return Refusal("unauthorized", 401, "unauthorized", "Unauthorized", detail, headers)


def forbidden(username: str, right: str) -> Refusal:
    """The caller is known and may not do this."""
    detail = f"{username} may not {right}"
    return Refusal("forbidden", 403, "forbidden", "Forbidden", detail)


def no_operation(methods: Sequence[str]) -> Refusal:
    """The contract has no such operation; `methods` are those of the path."""
    if not methods:
        return Refusal("not_found", 404, "not-found", "Not Found", "there is no such path")
    allow = ", ".join(methods)
    title, detail = "Method Not Allowed", f"the path has only {allow}"
    return Refusal("not_found", 405, "method-not-allowed", title, detail, {"Allow": allow})


def unavailable(error: ReviewUnavailableError) -> Refusal:
    """Nobody could decide now."""
    return Refusal(
        "unavailable",
        503,
        "service-unavailable",
        "Service Unavailable",
        "the token could not be reviewed; try again",
        {"Retry-After": str(error.retry_after)},
        # Who waited for the API server in vain has waited long enough.
        paced=isinstance(error, TooManyReviewsError),
    )


def stopping() -> Refusal:
    """The service ends before the review does."""
    return unavailable(ReviewUnavailableError("the service is stopping"))


def failed() -> Refusal:
    """The review itself has a defect."""
    detail = "the review failed; the log has the place under this request id"
    return Refusal("failed", 500, "internal-error", "Internal Error", detail)

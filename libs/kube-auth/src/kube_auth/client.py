"""Posts reviews to the API server."""

import asyncio
import json
import random
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import aiohttp

from kube_auth.credentials import CredentialSource
from kube_auth.errors import ReviewUnavailableError
from kube_auth.metrics import RETRIES

RETRIED = frozenset({429, 500, 504})
FIRST_BACKOFF, LAST_BACKOFF = 0.2, 2.0
# How long callers are told to wait when the cause will not pass by itself.
LASTING_RETRY_AFTER = 5
MAX_RETRY_AFTER = 60
MAX_ANSWER_BYTES = 1_048_576


class ReviewClient(Protocol):
    """Creates one review object and returns it with its status."""

    async def create(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Raises ReviewUnavailableError when no answer could be had in time."""

    async def aclose(self) -> None:
        """Release connections."""

    def not_ready(self) -> str | None:
        """Why reviews cannot be sent; None when they can."""


@dataclass(frozen=True, slots=True)
class _Reply:
    status: int
    retry_after: float | None = None
    answer: dict[str, Any] = field(default_factory=dict)

    def may_pass(self) -> bool:
        """Whether asking again can help: as client-go decides it."""
        return self.status in RETRIED or (self.status == 503 and self.retry_after is not None)


class HTTPReviewClient:
    """Talks to the API server with a total deadline per review.

    429, 500, 504, broken connections and whatever comes with Retry-After are
    retried with jitter; 401, 403 and 404 never, because they will not change. A
    Retry-After beyond the deadline is not waited for but handed to the caller.
    """

    def __init__(
        self,
        source: CredentialSource,
        timeout: float,
        *,
        connections: int = 65,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._source = source
        self._deadline = timeout
        self._connections = connections
        self._sleep = sleep
        self._clock = clock
        self._session: aiohttp.ClientSession | None = None
        self._closed = False

    def not_ready(self) -> str | None:
        """Why the credentials cannot be used; None when they can."""
        return self._source.problem()

    async def create(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """POST a review until it is answered or the deadline has passed."""
        try:
            async with asyncio.timeout(self._deadline):
                return await self._until_answered(path, body)
        except TimeoutError:
            raise ReviewUnavailableError(f"no answer within {self._deadline:g} s") from None

    async def aclose(self) -> None:
        """Close the connections; nothing is sent afterwards."""
        self._closed = True
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _until_answered(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        end, backoff = self._clock() + self._deadline, FIRST_BACKOFF
        while True:
            reply = await self._attempt(path, body)
            if reply is not None and reply.status in (200, 201):
                return reply.answer
            if reply is not None and not reply.may_pass():
                raise ReviewUnavailableError(
                    f"the API server answered {reply.status}",
                    LASTING_RETRY_AFTER,
                    status=reply.status,
                )
            asked = (reply.retry_after if reply is not None else None) or 0.0
            # Jitter only lengthens, so that nobody comes back earlier than asked.
            wait = max(backoff, asked) * random.uniform(1, 1.2)  # noqa: S311 # no secret
            if self._clock() + wait >= end:
                raise _gave_up(reply, asked)
            RETRIES[str(reply.status) if reply is not None else "connection"].inc()
            await self._sleep(wait)
            backoff = min(backoff * 1.5, LAST_BACKOFF)

    async def _attempt(self, path: str, body: Mapping[str, Any]) -> _Reply | None:
        """One POST; None when the connection broke."""
        try:
            return await self._post(path, body)
        except aiohttp.ClientConnectorCertificateError as error:
            raise ReviewUnavailableError(
                f"the certificate of {error.host} is not trusted", LASTING_RETRY_AFTER
            ) from None
        except (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError):
            return None
        except aiohttp.ClientError as error:
            # The text of other errors may quote what was sent or received.
            raise ReviewUnavailableError(f"no HTTP answer: {type(error).__name__}") from None

    async def _post(self, path: str, body: Mapping[str, Any]) -> _Reply:
        credentials = self._source.load()
        async with self._open_session().post(
            credentials.server + path,
            json=body,
            headers={"Authorization": f"Bearer {credentials.token}"},
            # A redirected POST would become a GET and carry the credentials elsewhere.
            allow_redirects=False,
            ssl=credentials.tls if credentials.tls is not None else True,
        ) as response:
            retry_after = _seconds(response.headers.get("Retry-After"))
            if response.status >= 300:
                return _Reply(response.status, retry_after)
            return _Reply(response.status, retry_after, _object(await _read(response)))

    def _open_session(self) -> aiohttp.ClientSession:
        if self._closed:
            raise ReviewUnavailableError("the service is stopping")
        if self._session is None:
            self._session = aiohttp.ClientSession(
                # The pool is no second limiter of reviews.
                connector=aiohttp.TCPConnector(limit=self._connections),
                cookie_jar=aiohttp.DummyCookieJar(),
                # The whole review has a deadline; a part of it finds a dead address.
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=self._deadline / 2),
            )
        return self._session


def _gave_up(reply: _Reply | None, asked: float) -> ReviewUnavailableError:
    what = f"answered {reply.status}" if reply is not None else "could not be reached"
    return ReviewUnavailableError(f"the API server {what}, no time is left", int(asked))


async def _read(response: aiohttp.ClientResponse) -> bytes:
    content = await response.content.read(MAX_ANSWER_BYTES + 1)
    while len(content) <= MAX_ANSWER_BYTES and (more := await response.content.read(65_536)):
        content += more
    if len(content) > MAX_ANSWER_BYTES:
        raise ReviewUnavailableError("the API server's answer is too large")
    return content


def _object(content: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError):
        raise ReviewUnavailableError("the API server's answer is not JSON") from None
    if not isinstance(answer, dict):
        raise ReviewUnavailableError("the API server's answer is not a JSON object")
    return answer


def _seconds(header: str | None) -> float | None:
    """Whole seconds of a Retry-After, at most a minute; None without a usable one."""
    if header is None or not (header.isascii() and header.isdigit()):
        return None
    return float(min(int(header[:9]), MAX_RETRY_AFTER))

"""Posts reviews to the API server."""

import asyncio
import json
import os
import random
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

import aiohttp

from kube_auth.credentials import CredentialSource
from kube_auth.errors import ReviewUnavailableError

RETRIED = frozenset({429, 500, 504})
FIRST_BACKOFF = 0.2
CONNECTIONS = 32


class ReviewClient(Protocol):
    """Creates one review object and returns it with its status."""

    async def create(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Raises ReviewUnavailableError when no answer could be had in time."""

    async def aclose(self) -> None:
        """Release connections."""

    def ready(self) -> bool:
        """Whether credentials are there."""


class HTTPReviewClient:
    """Talks to the API server with a total deadline per review.

    429, 500, 504 and broken connections are retried with jitter, honouring
    Retry-After; 401, 403 and 404 never, because they will not change.
    """

    def __init__(
        self,
        source: CredentialSource,
        timeout: float,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._source = source
        self._sleep = sleep
        self._timeout = timeout
        self._session: aiohttp.ClientSession | None = None

    def ready(self) -> bool:
        """Whether credentials can be read."""
        try:
            self._source.load()
        except ReviewUnavailableError:
            return False
        return True

    async def create(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """POST a review until it is answered or the deadline has passed."""
        try:
            async with asyncio.timeout(self._timeout):
                return await self._until_answered(path, body)
        except TimeoutError as error:
            raise ReviewUnavailableError(f"no answer within {self._timeout:g} s") from error

    async def aclose(self) -> None:
        """Close the connection pool."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _until_answered(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        backoff = FIRST_BACKOFF
        while True:
            wait = backoff
            try:
                status, retry_after, answer = await self._post(path, body)
            except (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError):
                status = 0
            else:
                if status in (200, 201):
                    return answer
                if status not in RETRIED:
                    raise ReviewUnavailableError(f"the API server answered {status}", 5)
                wait = max(wait, retry_after)
            await self._sleep(wait * random.uniform(0.8, 1.2))  # noqa: S311 # jitter, no secret
            backoff = min(backoff * 1.5, 2)

    async def _post(self, path: str, body: Mapping[str, Any]) -> tuple[int, float, dict[str, Any]]:
        credentials = self._source.load()
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=CONNECTIONS)
            self._session = aiohttp.ClientSession(connector=connector)
        async with self._session.post(
            credentials.server + path,
            json=body,
            headers={"Authorization": f"Bearer {credentials.token}"},
            # A redirected POST would become a GET and carry the credentials elsewhere.
            allow_redirects=False,
            ssl=credentials.tls if credentials.tls is not None else True,
        ) as response:
            answer = _object(await response.read()) if response.status < 300 else {}
            return response.status, _seconds(response.headers.get("Retry-After")), answer


def _object(content: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(content)
    except ValueError as error:
        raise ReviewUnavailableError("the API server's answer is no JSON") from error
    if not isinstance(answer, dict):
        raise ReviewUnavailableError("the API server's answer is no object")
    return answer


def _seconds(header: str | None) -> float:
    if header is None or not (header.isascii() and header.isdigit()):
        return 0.0
    return float(header)


def client_from_environment(kubeconfig: Any, timeout: float) -> HTTPReviewClient:
    """A client for the kubeconfig, or for the mounted ServiceAccount when it is None."""
    return HTTPReviewClient(CredentialSource(kubeconfig, os.environ), timeout)

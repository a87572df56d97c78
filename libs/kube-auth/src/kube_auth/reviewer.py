"""Decides by TokenReview who a caller is, and by SubjectAccessReview what it may do."""

import os
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Literal, Protocol

from kube_auth.cache import ReviewCache
from kube_auth.client import HTTPReviewClient, ReviewClient
from kube_auth.credentials import CredentialSource
from kube_auth.errors import CredentialsError, ReviewUnavailableError
from kube_auth.flights import Admission
from kube_auth.identity import Identity
from kube_auth.keys import TokenKeys
from kube_auth.metrics import REVIEWS, SECONDS
from kube_auth.reviews import (
    ACCESS_REVIEWS,
    MAX_CACHED_SPEC,
    TOKEN_REVIEWS,
    access_review,
    judge_access,
    judge_token,
    read_status,
    token_review,
)
from kube_auth.settings import AuthSettings
from kube_auth.standing import Standing
from kube_auth.store import Answer

Kind = Literal["token", "access"]


class Reviewer(Protocol):
    """Answers who a token is and whether an identity may do something."""

    async def review_token(self, token: str) -> Identity | None:
        """The token's identity; None when it is not valid for this service."""

    async def review_access(self, identity: Identity, attributes: Mapping[str, str]) -> bool:
        """Whether the identity has the right."""

    async def aclose(self) -> None:
        """Release connections."""

    def not_ready(self) -> str | None:
        """Why reviews cannot be sent; None when they can."""


class KubeReviewer:
    """Reviews by the Kubernetes API, with cached and shared answers."""

    def __init__(
        self,
        client: ReviewClient,
        settings: AuthSettings,
        *,
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._client = client
        self._standing = Standing(client, clock)
        self._audiences = settings.audiences
        self._keys = TokenKeys(settings.audiences)
        cache = partial(
            ReviewCache,
            yes_ttl=settings.yes_ttl,
            no_ttl=settings.no_ttl,
            max_entries=settings.max_cached,
            admission=Admission(settings.max_in_flight),
            clock=clock,
            wall=wall,
        )
        self._identities: ReviewCache[Identity | None] = cache("token")
        self._rights: ReviewCache[bool] = cache("access")

    @classmethod
    def from_settings(cls, settings: AuthSettings) -> "KubeReviewer":
        """A reviewer for the kubeconfig of the settings, else for the mounted ServiceAccount.

        Raises CredentialsError when these are there and malformed.
        """
        source = CredentialSource(settings.kubeconfig, os.environ)
        try:
            source.check()
        except CredentialsError as error:
            raise CredentialsError(f"KUBECONFIG: {error}") from None
        client = HTTPReviewClient(
            source,
            settings.review_timeout,
            # One for the reviews of this service itself.
            connections=settings.max_in_flight + 1,
        )
        return cls(client, settings)

    def not_ready(self) -> str | None:
        """Why this service can have no reviews made, as far as is known; None when it can."""
        return self._standing.problem()

    async def aclose(self) -> None:
        """End the reviews under way, whose callers get a 503, and close the connections."""
        await self._identities.aclose()
        await self._rights.aclose()
        await self._standing.aclose()
        await self._client.aclose()

    async def review_token(self, token: str) -> Identity | None:
        """The identity of a token that is valid for one of our audiences."""
        key = self._keys.key(token)
        kept = self._identities.kept(key)
        if kept is not None:
            return kept.value
        return await self._identities.ask(key, partial(self._review_token, token))

    async def review_access(self, identity: Identity, attributes: Mapping[str, str]) -> bool:
        """Whether the API server allows the identity to do this."""
        digest, _ = identity.fingerprint
        key = (digest, *attributes, *attributes.values())
        kept = self._rights.kept(key)
        if kept is not None:
            return kept.value
        return await self._rights.ask(key, partial(self._review_access, identity, attributes))

    async def _review_token(self, token: str) -> Answer[Identity | None]:
        def judge(status: Mapping[str, Any]) -> Answer[Identity | None]:
            return judge_token(status, self._audiences, token)

        body = token_review(token, self._audiences)
        return await self._review("token", TOKEN_REVIEWS, body, judge)

    async def _review_access(
        self, identity: Identity, attributes: Mapping[str, str]
    ) -> Answer[bool]:
        _, size = identity.fingerprint
        size += sum(map(len, attributes.values()))
        judge = partial(judge_access, keep=size < MAX_CACHED_SPEC)
        body = access_review(identity, attributes)
        return await self._review("access", ACCESS_REVIEWS, body, judge)

    async def _review(
        self,
        kind: Kind,
        path: str,
        body: Mapping[str, Any],
        judge: Callable[[Mapping[str, Any]], Answer[Any]],
    ) -> Answer[Any]:
        result = "error"
        try:
            with SECONDS[kind].time():
                answer = judge(read_status(await self._client.create(path, body)))
            self._standing.worked()
            result = "yes" if answer.yes else "no"
            if kind == "token" and not answer.yes and not answer.keep:
                result = "unchecked"
            return answer
        except ReviewUnavailableError:
            self._standing.failed()
            raise
        finally:
            REVIEWS[kind, result].inc()

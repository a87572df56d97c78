"""Decides by TokenReview who a caller is, and by SubjectAccessReview what it may do."""

import asyncio
import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol, TypeVar

from kube_auth.cache import Answer, ReviewCache
from kube_auth.client import ReviewClient, client_from_environment
from kube_auth.errors import ReviewUnavailableError, TooManyReviewsError
from kube_auth.identity import Identity
from kube_auth.metrics import REVIEWS
from kube_auth.settings import AuthSettings

TOKEN_REVIEWS = "/apis/authentication.k8s.io/v1/tokenreviews"  # noqa: S105 # a path
ACCESS_REVIEWS = "/apis/authorization.k8s.io/v1/subjectaccessreviews"
MAX_CACHED_SPEC = 10_000
T = TypeVar("T")


class Reviewer(Protocol):
    """Answers who a token is and whether an identity may do something."""

    async def review_token(self, token: str) -> Identity | None:
        """The token's identity; None when it is not valid for this service."""

    async def review_access(self, identity: Identity, attributes: Mapping[str, str]) -> bool:
        """Whether the identity has the right."""

    async def aclose(self) -> None:
        """Release connections."""

    def ready(self) -> bool:
        """Whether reviews can be sent."""


class KubeReviewer:
    """Reviews by the Kubernetes API, with cached and shared answers."""

    def __init__(
        self,
        client: ReviewClient,
        settings: AuthSettings,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._client = client
        self._audiences = settings.audiences
        self._key = secrets.token_bytes(32)
        in_flight = asyncio.Semaphore(settings.max_in_flight)
        self._tokens: ReviewCache[Identity | None] = ReviewCache(
            yes_ttl=settings.yes_ttl,
            no_ttl=settings.no_ttl,
            max_entries=settings.max_cached,
            in_flight=in_flight,
            clock=clock,
        )
        self._rights: ReviewCache[bool] = ReviewCache(
            yes_ttl=settings.yes_ttl,
            no_ttl=settings.no_ttl,
            max_entries=settings.max_cached,
            in_flight=in_flight,
            clock=clock,
        )

    @classmethod
    def from_settings(cls, settings: AuthSettings) -> "KubeReviewer":
        """A reviewer for the kubeconfig of the settings, else for the mounted ServiceAccount."""
        return cls(client_from_environment(settings.kubeconfig, settings.review_timeout), settings)

    def ready(self) -> bool:
        """Whether the credentials of this service are there."""
        return self._client.ready()

    async def aclose(self) -> None:
        """Close the connections to the API server."""
        await self._client.aclose()

    async def review_token(self, token: str) -> Identity | None:
        """The identity of a token that is valid for one of our audiences."""
        key = self._digest(token, *self._audiences)
        return await _counted("token", self._tokens.get(key, lambda: self._token_review(token)))

    async def review_access(self, identity: Identity, attributes: Mapping[str, str]) -> bool:
        """Whether the API server allows the identity to do this."""
        spec = {
            "user": identity.username,
            "uid": identity.uid,
            "groups": list(identity.groups),
            "extra": {name: list(values) for name, values in identity.extra.items()},
            "resourceAttributes": dict(attributes),
        }
        text = json.dumps(spec, sort_keys=True)
        until = 0.0 if len(text) >= MAX_CACHED_SPEC else None
        return await _counted(
            "access", self._rights.get(self._digest(text), lambda: self._access_review(spec, until))
        )

    def _digest(self, *parts: str) -> bytes:
        # Length prefixes keep ("ab", "c") and ("a", "bc") apart.
        message = b"".join(
            len(data).to_bytes(8, "big") + data for data in (part.encode() for part in parts)
        )
        return hmac.digest(self._key, message, hashlib.sha256)

    async def _token_review(self, token: str) -> Answer[Identity | None]:
        body = {
            "apiVersion": "authentication.k8s.io/v1",
            "kind": "TokenReview",
            "spec": {"token": token, "audiences": list(self._audiences)},
        }
        status = await self._review("token", TOKEN_REVIEWS, body)
        valid = set(status.get("audiences") or ()) & set(self._audiences)
        if status.get("authenticated") is not True or not valid:
            REVIEWS.labels("token", "no").inc()
            return Answer(None, yes=False)
        identity = _identity(status.get("user"))
        REVIEWS.labels("token", "yes").inc()
        return Answer(identity, yes=True, until=_expiry(token))

    async def _access_review(self, spec: Mapping[str, Any], until: float | None) -> Answer[bool]:
        body = {
            "apiVersion": "authorization.k8s.io/v1",
            "kind": "SubjectAccessReview",
            "spec": spec,
        }
        status = await self._review("access", ACCESS_REVIEWS, body)
        allowed = status.get("allowed") is True and not status.get("denied")
        REVIEWS.labels("access", "yes" if allowed else "no").inc()
        return Answer(allowed, yes=allowed, until=until)

    async def _review(self, kind: str, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        try:
            answer = await self._client.create(path, body)
        except ReviewUnavailableError:
            REVIEWS.labels(kind, "error").inc()
            raise
        status = answer.get("status")
        if not isinstance(status, dict):
            REVIEWS.labels(kind, "error").inc()
            raise ReviewUnavailableError("the API server's answer has no status")
        return status


async def _counted(kind: str, answer: Awaitable[T]) -> T:
    try:
        return await answer
    except TooManyReviewsError:
        REVIEWS.labels(kind, "throttled").inc()
        raise


def _identity(user: Any) -> Identity:
    if not isinstance(user, dict) or not user.get("username"):
        raise ReviewUnavailableError("the API server's answer names no user")
    return Identity(
        username=user["username"],
        uid=user.get("uid") or "",
        groups=tuple(user.get("groups") or ()),
        extra={name: tuple(values) for name, values in (user.get("extra") or {}).items()},
    )


def _expiry(token: str) -> float | None:
    """The token's own `exp`, unverified: it only ever shortens what the review granted."""
    try:
        payload = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        return float(claims["exp"])
    except (IndexError, KeyError, OverflowError, RecursionError, TypeError, ValueError):
        return None

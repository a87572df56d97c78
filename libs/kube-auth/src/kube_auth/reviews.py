"""The two reviews: what is asked, and what the API server's answer means."""

import base64
import json
from collections.abc import Mapping, Sequence
from typing import Any

from kube_auth.errors import ReviewUnavailableError
from kube_auth.identity import Identity, read_identity, strings
from kube_auth.store import Answer

TOKEN_REVIEWS = "/apis/authentication.k8s.io/v1/tokenreviews"  # noqa: S105 # a path
ACCESS_REVIEWS = "/apis/authorization.k8s.io/v1/subjectaccessreviews"
SELF_REVIEWS = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
REVIEW_KINDS = (
    ("authentication.k8s.io", "tokenreviews"),
    ("authorization.k8s.io", "subjectaccessreviews"),
)
# As much of what a caller controls is remembered at most; k8s.io/apiserver has this bound.
MAX_CACHED_SPEC = 10_000


def token_review(token: str, audiences: Sequence[str]) -> dict[str, Any]:
    """The TokenReview that asks whose token this is, for our audiences only."""
    return {
        "apiVersion": "authentication.k8s.io/v1",
        "kind": "TokenReview",
        "spec": {"token": token, "audiences": list(audiences)},
    }


def access_review(identity: Identity, attributes: Mapping[str, str]) -> dict[str, Any]:
    """The SubjectAccessReview that asks whether an identity may do this.

    Attributes with a path are those of a non-resource URL.
    """
    kind = "nonResourceAttributes" if "path" in attributes else "resourceAttributes"
    return {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SubjectAccessReview",
        "spec": {**identity.spec(), kind: dict(attributes)},
    }


def self_review(group: str, resource: str) -> dict[str, Any]:
    """The SelfSubjectAccessReview that asks whether this service may create a kind of review."""
    attributes = {"group": group, "resource": resource, "verb": "create"}
    return {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SelfSubjectAccessReview",
        "spec": {"resourceAttributes": attributes},
    }


def read_status(answer: Mapping[str, Any]) -> dict[str, Any]:
    """The status of a review. Raises ReviewUnavailableError when there is none."""
    status = answer.get("status")
    if not isinstance(status, dict):
        raise ReviewUnavailableError("the API server's answer has no status")
    return status


def judge_token(
    status: Mapping[str, Any], audiences: Sequence[str], token: str
) -> Answer[Identity | None]:
    """Whose token it is; None for nobody's or one that is not for our audiences.

    A status with an error says that the token could not be checked. The API server
    says so of bad tokens too, hence a refusal, and one that is not remembered.
    """
    if status.get("authenticated") is not True:
        return Answer(None, yes=False, keep=not status.get("error"))
    # A server that knows no audiences answers with none, for a token of anybody's.
    if not set(strings(status.get("audiences"), "audiences")) & set(audiences):
        return Answer(None, yes=False)
    return Answer(read_identity(status.get("user")), yes=True, until=expiry(token))


def judge_access(status: Mapping[str, Any], *, keep: bool) -> Answer[bool]:
    """Whether the answer is a clear yes; no opinion is a no, and so is a contradiction."""
    allowed = status.get("allowed") is True and not status.get("denied")
    return Answer(allowed, yes=allowed, keep=keep)


def expiry(token: str) -> float | None:
    """The token's own `exp`, unverified: it only ever shortens what the review granted."""
    try:
        payload = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        return float(claims["exp"])
    except (IndexError, KeyError, OverflowError, RecursionError, TypeError, ValueError):
        return None

"""Who a token belongs to, as the API server said."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from kube_auth.errors import ReviewUnavailableError

CREDENTIAL_ID = "authentication.kubernetes.io/credential-id"


@dataclass(frozen=True)
class Identity:
    """The user of an authenticated TokenReview."""

    username: str
    uid: str = ""
    groups: tuple[str, ...] = ()
    extra: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def credential_id(self) -> str | None:
        """Which credential was used, where the API server tells; it is no secret."""
        return next(iter(self.extra.get(CREDENTIAL_ID, ())), None)

    def spec(self) -> dict[str, Any]:
        """The part of a SubjectAccessReview's spec that says who asks."""
        return {
            "user": self.username,
            "uid": self.uid,
            "groups": list(self.groups),
            "extra": {name: list(values) for name, values in self.extra.items()},
        }

    @cached_property
    def fingerprint(self) -> tuple[bytes, int]:
        """SHA-256 of the spec, and its length in bytes; one identity serves many requests."""
        text = json.dumps(self.spec(), sort_keys=True).encode()
        return hashlib.sha256(text).digest(), len(text)


def read_identity(user: Any) -> Identity:
    """The `status.user` of a TokenReview. Raises ReviewUnavailableError when it is malformed.

    A list is not taken from a string here: its letters would become groups.
    """
    if not isinstance(user, dict):
        raise ReviewUnavailableError("the API server's answer names no user")
    username, uid, extra = user.get("username"), user.get("uid") or "", user.get("extra") or {}
    if not (isinstance(username, str) and username):
        raise ReviewUnavailableError("the API server's answer names no user")
    if not isinstance(uid, str) or not isinstance(extra, dict):
        raise ReviewUnavailableError("the API server's answer has a malformed user")
    return Identity(
        username=username,
        uid=uid,
        groups=strings(user.get("groups"), "groups"),
        extra={str(name): strings(values, "extra") for name, values in extra.items()},
    )


def strings(value: Any, field_name: str) -> tuple[str, ...]:
    """A list of strings, or nothing; anything else is an answer that cannot be trusted."""
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(part, str) for part in value):
        raise ReviewUnavailableError(f"the API server's answer has malformed {field_name}")
    return tuple(value)

"""One pass over a request's headers: their size, the credentials, and what the app may see."""

from collections.abc import Iterable
from dataclasses import dataclass

Header = tuple[bytes, bytes]

# A client that sends one of these wants to be taken for somebody. Servers hand
# underscores on as they are, so both spellings are compared with dashes.
IDENTITY_PREFIXES = (
    b"impersonate-",
    b"remote-",
    b"x-auth-request-",
    b"x-forwarded-access-token",
    b"x-forwarded-email",
    b"x-forwarded-group",
    b"x-forwarded-preferred-username",
    b"x-forwarded-user",
    b"x-remote-",
    b"x-webauth-",
)
# Most headers start otherwise and need no comparison.
INITIALS = frozenset(prefix[:1] for prefix in IDENTITY_PREFIXES)


@dataclass(slots=True)
class RequestHeaders:
    """What the reviews need to know, and the headers without credentials and identities."""

    size: int
    authorization: list[bytes]
    kept: list[Header]


def read_headers(headers: Iterable[Header]) -> RequestHeaders:
    """Split the headers of a request."""
    size, authorization, kept = 0, [], []
    for header in headers:
        name, value = header
        size += len(name) + len(value)
        name = name.lower()
        if name == b"authorization":
            authorization.append(value)
        elif name[:1] not in INITIALS or not _is_claim(name):
            kept.append(header)
    return RequestHeaders(size, authorization, kept)


def _is_claim(name: bytes) -> bool:
    return name.replace(b"_", b"-").startswith(IDENTITY_PREFIXES)

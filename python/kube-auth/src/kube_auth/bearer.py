"""Takes the bearer token from request headers, as the API server does."""

from collections.abc import Iterable


def bearer_token(headers: Iterable[tuple[bytes, bytes]]) -> str | None:
    """The token of the one Authorization header; None when there is none to trust.

    The scheme is case-insensitive; text after the token is ignored; two spaces,
    an empty token, another scheme or a second Authorization header are no token.
    """
    values = [value for name, value in headers if name.lower() == b"authorization"]
    if len(values) != 1:
        return None
    parts = values[0].decode("latin-1").strip().split(" ")
    if len(parts) < 2 or parts[0].lower() != "bearer" or not parts[1]:
        return None
    return parts[1]

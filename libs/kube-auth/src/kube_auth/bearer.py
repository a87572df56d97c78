"""Takes the bearer token from an Authorization header, as the API server does."""

from collections.abc import Sequence

# Real tokens have one to four kilobytes. A longer one is refused before it costs a review.
MAX_TOKEN_BYTES = 16_384


def bearer_token(values: Sequence[bytes]) -> str | None:
    """The token in the values of a request's Authorization headers; None when there is none.

    The scheme is case-insensitive; text after the token is ignored; two spaces,
    an empty or oversized token, another scheme or a second header are no token.
    """
    if len(values) != 1:
        return None
    parts = values[0].strip().split(b" ", 2)
    if len(parts) < 2 or parts[0].lower() != b"bearer":
        return None
    token = parts[1]
    if not token or len(token) > MAX_TOKEN_BYTES or not token.isascii():
        return None
    return token.decode()

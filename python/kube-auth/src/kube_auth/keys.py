"""Keys of cached answers: nothing that was asked can be read from them."""

import hmac
import secrets
from collections.abc import Sequence


class TokenKeys:
    """HMAC-SHA256 of token and audiences under a key that only this process has.

    Every part carries its length, so that no two questions have the same key:
    ("ab", "c") and ("a", "bc") differ. Without the random key, a caller could
    search for tokens that collide or recognise a token by its hash.
    """

    def __init__(self, audiences: Sequence[str]) -> None:
        self._secret = secrets.token_bytes(32)
        self._audiences = b"".join(map(_prefixed, (audience.encode() for audience in audiences)))

    def key(self, token: str) -> bytes:
        """The key of one token for the audiences."""
        message = _prefixed(token.encode()) + self._audiences
        return hmac.digest(self._secret, message, "sha256")


def _prefixed(part: bytes) -> bytes:
    return len(part).to_bytes(8, "big") + part

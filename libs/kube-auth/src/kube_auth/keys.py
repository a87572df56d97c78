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
        # Has taken the key in; a copy of it costs a third of hmac.digest.
        self._keyed = hmac.new(secrets.token_bytes(32), digestmod="sha256")
        self._audiences = b"".join(map(_prefixed, audiences))

    def key(self, token: str) -> bytes:
        """The key of one token for the audiences."""
        mac = self._keyed.copy()
        mac.update(_prefixed(token) + self._audiences)
        return mac.digest()


def _prefixed(part: str) -> bytes:
    data = part.encode()
    return len(data).to_bytes(8, "big") + data

"""Keys of cached answers: nothing that was asked can be read from them."""

import hmac
import secrets
from collections.abc import Sequence


class TokenKeys:
    """HMAC-SHA256 of audiences and token under a key that only this process has.

    Every part carries its length, so that no two questions have the same key:
    ("ab", "c") and ("a", "bc") differ. Without the random key, a caller could
    search for tokens that collide or recognise a token by its hash.
    """

    def __init__(self, audiences: Sequence[str]) -> None:
        # Copied for each token: setting an HMAC up costs twice as much as it takes
        # to finish one.
        self._begun = hmac.new(secrets.token_bytes(32), digestmod="sha256")
        for audience in audiences:
            self._begun.update(_prefixed(audience))

    def key(self, token: str) -> bytes:
        """The key of one token for the audiences."""
        mac = self._begun.copy()
        mac.update(_prefixed(token))
        return mac.digest()


def _prefixed(part: str) -> bytes:
    data = part.encode()
    return len(data).to_bytes(8, "big") + data

"""Keys of cached answers: nothing that was asked can be read from them."""

import hashlib
import secrets
from collections.abc import Sequence


class Mac:
    """HMAC-SHA256 under one key, by its definition (RFC 2104).

    Both hashes have taken the key in and are copied for each message. In a service,
    where little code stays in the processor's caches, `hmac.digest` takes more than
    twice as long, and a copy of an `hmac.HMAC` a third longer.
    """

    def __init__(self, key: bytes) -> None:
        if len(key) > hashlib.sha256().block_size:
            raise ValueError("the key is longer than a block of SHA-256")
        block = key.ljust(hashlib.sha256().block_size, b"\0")
        self._inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in block))
        self._outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in block))

    def digest(self, message: bytes) -> bytes:
        """The authentication code of a message."""
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(message)
        outer.update(inner.digest())
        return outer.digest()


class TokenKeys:
    """HMAC-SHA256 of token and audiences under a key that only this process has.

    Every part carries its length, so that no two questions have the same key:
    ("ab", "c") and ("a", "bc") differ. Without the random key, a caller could
    search for tokens that collide or recognise a token by its hash.
    """

    def __init__(self, audiences: Sequence[str]) -> None:
        self._mac = Mac(secrets.token_bytes(32))
        self._audiences = b"".join(map(_prefixed, audiences))

    def key(self, token: str) -> bytes:
        """The key of one token for the audiences."""
        return self._mac.digest(_prefixed(token) + self._audiences)


def _prefixed(part: str) -> bytes:
    data = part.encode()
    return len(data).to_bytes(8, "big") + data

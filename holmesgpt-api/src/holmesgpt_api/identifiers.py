"""Identifiers that sort by the time at which they were made."""

import secrets
import time
from uuid import UUID

VERSION, VARIANT = 0x7 << 76, 0b10 << 62
TWELVE_BITS, SIXTY_TWO_BITS = (1 << 12) - 1, (1 << 62) - 1


def uuid7() -> UUID:
    """A UUID of version 7 (RFC 9562): milliseconds, then 74 random bits."""
    milliseconds = time.time_ns() // 1_000_000
    random = secrets.randbits(74)
    return UUID(
        int=(milliseconds & ((1 << 48) - 1)) << 80
        | VERSION
        | (random >> 62 & TWELVE_BITS) << 64
        | VARIANT
        | random & SIXTY_TWO_BITS
    )

"""Ids that the service makes itself."""

import secrets
import time
from uuid import UUID


def uuid7() -> UUID:
    """A UUID version 7: it begins with the time, so that an index grows at one end only."""
    milliseconds = time.time_ns() // 1_000_000
    value = milliseconds << 80 | 0x7 << 76 | secrets.randbits(12) << 64
    return UUID(int=value | 0b10 << 62 | secrets.randbits(62))

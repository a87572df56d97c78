"""Audit events on HAPI's disk until DataStorage has them."""

from holmesgpt_api.outbox.delivery import Deliver, RefusedError, UnavailableError
from holmesgpt_api.outbox.disk import Disk
from holmesgpt_api.outbox.errors import (
    OutboxError,
    OutboxFullError,
    OutboxInUseError,
    OutboxWriteError,
)
from holmesgpt_api.outbox.outbox import Outbox
from holmesgpt_api.outbox.record import Event

__all__ = [
    "Deliver",
    "Disk",
    "Event",
    "Outbox",
    "OutboxError",
    "OutboxFullError",
    "OutboxInUseError",
    "OutboxWriteError",
    "RefusedError",
    "UnavailableError",
]

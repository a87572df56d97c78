"""How a delivery of events may end.

a list              for each event why it was refused; None when it is stored, now or earlier
UnavailableError    nobody knows; to be repeated until it succeeds
RefusedError        DataStorage refuses the request as a whole
"""

from collections.abc import Callable, Sequence

from holmesgpt_api.outbox.record import Event

Deliver = Callable[[list[Event]], Sequence[str | None]]


class UnavailableError(Exception):
    """The events may or may not have been stored; sending them again does no harm."""

    def __init__(
        self, reason: str, *, retry_after: float = 0, needs_attention: bool = False
    ) -> None:
        super().__init__(reason)
        self.retry_after = retry_after
        self.needs_attention = needs_attention


class RefusedError(Exception):
    """At least one event of the request can never be stored."""

"""A bounded cache of review answers that shares each review between its callers."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from kube_auth.errors import TooManyReviewsError

T = TypeVar("T")


@dataclass(frozen=True)
class Answer(Generic[T]):
    """A definite answer; `until` is a wall-clock bound in epoch seconds, or None."""

    value: T
    yes: bool
    until: float | None = None


class ReviewCache(Generic[T]):
    """Looks answers up by key; on a miss all callers wait for one detached review.

    A caller that leaves cancels nothing. Errors reach every waiter and are never
    cached. The oldest entry leaves when the cache is full.
    """

    def __init__(
        self,
        *,
        yes_ttl: float,
        no_ttl: float,
        max_entries: int,
        in_flight: asyncio.Semaphore,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._ttl = {True: yes_ttl, False: no_ttl}
        self._max_entries = max_entries
        self._in_flight = in_flight
        self._clock = clock
        self._entries: OrderedDict[bytes, tuple[float, T]] = OrderedDict()
        self._flights: dict[bytes, asyncio.Task[T]] = {}

    def __len__(self) -> int:
        return len(self._entries)

    async def get(self, key: bytes, review: Callable[[], Awaitable[Answer[T]]]) -> T:
        """The cached answer, or that of the one review under way for this key."""
        entry = self._entries.get(key)
        if entry is not None and self._clock() < entry[0]:
            self._entries.move_to_end(key)
            return entry[1]
        flight = self._flights.get(key)
        if flight is None:
            if self._in_flight.locked():
                raise TooManyReviewsError("too many reviews in flight")
            # Taken before the task starts, so that a burst within one tick counts too;
            # an unlocked semaphore is acquired without suspending.
            await self._in_flight.acquire()
            flight = asyncio.create_task(self._fly(key, review))
            self._flights[key] = flight
            flight.add_done_callback(lambda done: self._land(key, done))
        return await asyncio.shield(flight)

    async def _fly(self, key: bytes, review: Callable[[], Awaitable[Answer[T]]]) -> T:
        answer = await review()
        now = self._clock()
        expires = now + self._ttl[answer.yes]
        if answer.until is not None:
            expires = min(expires, answer.until)
        if expires > now:
            self._entries[key] = (expires, answer.value)
            self._entries.move_to_end(key)
            while len(self._entries) > self._max_entries:
                self._entries.popitem(last=False)
        return answer.value

    def _land(self, key: bytes, flight: "asyncio.Task[T]") -> None:
        self._in_flight.release()
        del self._flights[key]
        # Retrieved here so that a failure whose callers all left is not reported as lost.
        if not flight.cancelled():
            flight.exception()

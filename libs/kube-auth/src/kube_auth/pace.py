"""Refusals beyond so many a second wait their turn."""

import asyncio
import time
from collections.abc import Awaitable, Callable

MAX_SECONDS, MAX_WAITING = 5.0, 2048


class Pace:
    """Lets who is refused again and again wait, so that the others are served meanwhile.

    A client that asks anew as soon as it was refused would otherwise take as much of
    the service as all good callers together. A second's worth of refusals is answered
    at once, the rest at the given rate, but none later than MAX_SECONDS. A rate of 0
    lets nobody wait.
    """

    def __init__(
        self,
        per_second: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._interval = 1 / per_second if per_second else 0.0
        self._clock = clock
        self._sleep = sleep
        # When the refusals so far have all had their turn.
        self._paid = clock()
        self._waiting = 0

    async def turn(self) -> bool:
        """Wait for a turn; False when too many wait: such a connection is better closed."""
        if not self._interval:
            return True
        now = self._clock()
        wait = max(self._paid - now - 1, 0)
        if wait and self._waiting >= MAX_WAITING:
            return False
        self._paid = min(max(self._paid, now) + self._interval, now + 1 + MAX_SECONDS)
        if wait:
            self._waiting += 1
            try:
                await self._sleep(wait)
            finally:
                self._waiting -= 1
        return True

"""Reviews under way: one for each question, and not too many at once."""

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from contextvars import Context
from functools import partial
from typing import Any, Generic, TypeVar

from kube_auth.errors import ReviewUnavailableError, TooManyReviewsError
from kube_auth.metrics import IN_FLIGHT

T = TypeVar("T")
Review = Callable[[], Coroutine[Any, Any, T]]


class Admission:
    """Bounds the reviews under way; one bound serves both kinds of review.

    A quarter of the places is for callers who were known before, so that strangers
    who flood the service keep no caller from having its token reviewed again.
    """

    def __init__(self, limit: int) -> None:
        self._limit = {True: limit, False: limit - limit // 4}
        self._under_way = 0

    def enter(self, *, known: bool) -> None:
        """Take a place. Raises TooManyReviewsError when there is none: nobody queues."""
        if self._under_way >= self._limit[known]:
            raise TooManyReviewsError(f"{self._under_way} reviews are under way")
        self._under_way += 1
        IN_FLIGHT.inc()

    def leave(self) -> None:
        """Give the place back."""
        self._under_way -= 1
        IN_FLIGHT.dec()


class Flights(Generic[T]):
    """Callers with the same question wait for the same review.

    The review is a task of its own: a caller that leaves cancels nothing, and
    whatever the review raises reaches every caller that still waits.
    """

    def __init__(self, admission: Admission) -> None:
        self._admission = admission
        self._flights: dict[Hashable, asyncio.Task[T]] = {}
        self._closed = False

    def __len__(self) -> int:
        return len(self._flights)

    def __contains__(self, key: Hashable) -> bool:
        return key in self._flights

    async def join(self, key: Hashable, review: Review[T], *, known: bool = False) -> T:
        """The result of the review under way for this key, which is started if there is none."""
        flight = self._flights.get(key)
        if flight is None:
            flight = self._launch(key, review, known)
        try:
            return await asyncio.shield(flight)
        except asyncio.CancelledError:
            # Shutdown ended the review, and nobody cancelled this caller.
            if flight.cancelled() and not _being_cancelled():
                raise ReviewUnavailableError("the service is stopping") from None
            raise

    async def aclose(self) -> None:
        """End the reviews under way; their callers get a ReviewUnavailableError."""
        self._closed = True
        flights = list(self._flights.values())
        for flight in flights:
            flight.cancel()
        if flights:
            await asyncio.wait(flights)

    def _launch(self, key: Hashable, review: Review[T], known: bool) -> "asyncio.Task[T]":
        if self._closed:
            raise ReviewUnavailableError("the service is stopping")
        # Before the task runs, so that a burst within one tick of the loop counts too.
        self._admission.enter(known=known)
        # An empty context: the first caller's request id is not that of the others.
        flight = asyncio.create_task(review(), context=Context())
        self._flights[key] = flight
        flight.add_done_callback(partial(self._land, key))
        return flight

    def _land(self, key: Hashable, flight: "asyncio.Task[T]") -> None:
        self._admission.leave()
        del self._flights[key]
        # Retrieved here, so that a failure whose callers all left is not reported as lost.
        if not flight.cancelled():
            flight.exception()


def _being_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0

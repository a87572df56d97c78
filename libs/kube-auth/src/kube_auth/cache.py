"""Answers to one kind of review: kept ones first, else one review shared by all who ask."""

import time
from collections.abc import Awaitable, Callable, Hashable
from contextvars import ContextVar
from typing import Generic, Literal, TypeVar

from kube_auth.errors import TooManyReviewsError
from kube_auth.flights import Admission, Flights
from kube_auth.metrics import LOOKUPS
from kube_auth.store import Answer, AnswerStore

T = TypeVar("T")
# Whether a request had to ask the API server, or wait for one that did.
ASKED: ContextVar[bool] = ContextVar("kube_auth_asked", default=False)


class ReviewCache(Generic[T]):
    """Looks answers up; on a miss all callers wait for one detached review.

    Errors reach every waiter and are never kept. With a TTL of 0 nothing is kept
    either, and callers at the same moment still share one review.
    """

    def __init__(
        self,
        kind: Literal["token", "access"],
        *,
        yes_ttl: float,
        no_ttl: float,
        max_entries: int,
        admission: Admission,
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._store: AnswerStore[T] = AnswerStore(
            yes_ttl=yes_ttl, no_ttl=no_ttl, max_entries=max_entries, clock=clock, wall=wall
        )
        self._flights: Flights[T] = Flights(admission)
        # Who may ask for a right has been authenticated.
        self._of_known_callers = kind == "access"
        self._cached = LOOKUPS[kind, "cached"]
        self._shared = LOOKUPS[kind, "shared"]
        self._reviewed = LOOKUPS[kind, "reviewed"]
        self._refused = LOOKUPS[kind, "refused"]

    def __len__(self) -> int:
        return len(self._store)

    def kept(self, key: Hashable) -> Answer[T] | None:
        """The kept answer, if there is one that still holds."""
        answer = self._store.find(key)
        if answer is not None:
            self._cached.inc()
        return answer

    async def ask(self, key: Hashable, review: Callable[[], Awaitable[Answer[T]]]) -> T:
        """The answer of the one review under way for this key."""
        ASKED.set(True)
        source = self._shared if key in self._flights else self._reviewed
        known = self._of_known_callers or self._store.said_yes(key)

        async def reviewed() -> T:
            answer = await review()
            self._store.keep(key, answer)
            return answer.value

        try:
            value = await self._flights.join(key, reviewed, known=known)
        except TooManyReviewsError:
            self._refused.inc()
            raise
        source.inc()
        return value

    async def aclose(self) -> None:
        """End the reviews under way."""
        await self._flights.aclose()

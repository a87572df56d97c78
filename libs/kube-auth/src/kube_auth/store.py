"""A bounded store of answers that end by themselves."""

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """An answer to a review.

    `until` is the last second of the wall clock for which it holds, None for no
    such bound. An answer with `keep` off is given to those who wait for it and
    then forgotten.
    """

    value: T
    yes: bool
    until: float | None = None
    keep: bool = True


@dataclass(frozen=True, slots=True)
class _Entry(Generic[T]):
    answer: Answer[T]
    monotonic_end: float
    wall_end: float


class AnswerStore(Generic[T]):
    """Keeps each answer for its lifetime, the least recently used leaving first.

    Yes and no have a shelf each, so that a flood of bad tokens pushes out no good
    one. An answer has to be young by both clocks: setting the wall clock back does
    not prolong it, nor does a suspended machine, whose monotonic clock stands still.
    """

    def __init__(
        self,
        *,
        yes_ttl: float,
        no_ttl: float,
        max_entries: int,
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._ttl = {True: yes_ttl, False: no_ttl}
        self._max_entries = max_entries
        self._clock = clock
        self._wall = wall
        self._yes: OrderedDict[Hashable, _Entry[T]] = OrderedDict()
        self._no: OrderedDict[Hashable, _Entry[T]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._yes) + len(self._no)

    def find(self, key: Hashable) -> Answer[T] | None:
        """The answer that still holds, if there is one."""
        shelf = self._yes
        entry = shelf.get(key)
        if entry is None:
            shelf = self._no
            entry = shelf.get(key)
            if entry is None:
                return None
        if self._clock() >= entry.monotonic_end or self._wall() >= entry.wall_end:
            # A yes stays for `said_yes`; both shelves are bounded.
            return None
        shelf.move_to_end(key)
        return entry.answer

    def said_yes(self, key: Hashable) -> bool:
        """Whether the last answer was a yes, which may have ended."""
        return key in self._yes

    def keep(self, key: Hashable, answer: Answer[T]) -> None:
        """Remember an answer for its TTL, never beyond its own end; a TTL of 0 keeps nothing."""
        self._yes.pop(key, None)
        self._no.pop(key, None)
        wall, ttl = self._wall(), self._ttl[answer.yes]
        end = wall + ttl if answer.until is None else min(wall + ttl, answer.until)
        if not answer.keep or end <= wall:
            return
        shelf = self._yes if answer.yes else self._no
        shelf[key] = _Entry(answer, self._clock() + ttl, end)
        while len(shelf) > self._max_entries:
            shelf.popitem(last=False)

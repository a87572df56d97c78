"""Which records wait to be delivered, oldest first, and where they are."""

import threading
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from holmesgpt_api.outbox.metrics import OLDEST, PENDING


@dataclass(frozen=True)
class Located:
    """A record's place and weight."""

    sequence: int
    segment: int
    offset: int
    size: int
    events: int
    at: float


class Index:
    """Filled by the writer, emptied by the sender."""

    def __init__(self, found: Iterable[Located]) -> None:
        self._waiting = deque(found)
        self._events = sum(entry.events for entry in self._waiting)
        self._changed = threading.Condition()
        self._closed = False
        PENDING.set_function(lambda: self._events)
        OLDEST.set_function(self.oldest_seconds)

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, entries: list[Located]) -> None:
        """Let the sender have these."""
        with self._changed:
            self._waiting.extend(entries)
            self._events += sum(entry.events for entry in entries)
            self._changed.notify()

    def head(self, max_events: int, max_bytes: int) -> list[Located]:
        """The next records, at least one; waits for it, and gives none after close."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closed)
            chosen: list[Located] = []
            events = size = 0
            for entry in self._waiting:
                events, size = events + entry.events, size + entry.size
                if chosen and (events > max_events or size > max_bytes):
                    break
                chosen.append(entry)
            return chosen

    def remove(self, entries: list[Located]) -> None:
        """Forget the records that `head` gave, now that they are delivered."""
        with self._changed:
            for entry in entries:
                self._events -= entry.events
                self._waiting.popleft()

    def oldest_segment(self) -> int | None:
        """The first segment in which a record waits."""
        with self._changed:
            return self._waiting[0].segment if self._waiting else None

    def close(self) -> None:
        """Wait for nothing more."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def oldest_seconds(self) -> float:
        """Age of the oldest record; a clock that went back makes none younger than new."""
        with self._changed:
            at = self._waiting[0].at if self._waiting else None
        return 0.0 if at is None else max(0.0, time.time() - at)

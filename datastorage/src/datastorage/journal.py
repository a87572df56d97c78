"""Group commit: what several requests store at the same moment is one transaction.

Every transaction waits for the disk once and is sealed once, so ten requests
cost little more than one. A request that PostgreSQL cannot store is tried again
without the others: it fails alone.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from datastorage.problems import InvalidError, OverloadedError

T = TypeVar("T")
R = TypeVar("R")
MAX_TOGETHER = 100
MAX_BYTES = 16 * 1024 * 1024
MAX_WAITING = 2000


@dataclass(frozen=True)
class Entry(Generic[T, R]):
    """What one request stores, its size, and where its result goes."""

    value: T
    size: int
    result: asyncio.Future[R] = field(default_factory=asyncio.Future)


class Journal(Generic[T, R]):
    """Hands waiting values to `commit` together, one call at a time, in their order.

    `commit` returns one result for each value, or raises and has stored nothing.
    """

    def __init__(self, commit: Callable[[Sequence[T]], Awaitable[Sequence[R]]]) -> None:
        self._commit = commit
        self._waiting: deque[Entry[T, R]] = deque()
        self._running: asyncio.Task[None] | None = None

    async def store(self, value: T, size: int = 0) -> R:
        """The value's result, once it is committed. Raises what its commit raised."""
        if len(self._waiting) >= MAX_WAITING:
            raise OverloadedError
        entry: Entry[T, R] = Entry(value, size)
        self._waiting.append(entry)
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self._drain())
        # A caller that leaves takes nothing from those who wait beside it.
        return await asyncio.shield(entry.result)

    async def close(self) -> None:
        """Wait until everything that was handed in has been tried."""
        while self._running is not None and not self._running.done():
            await asyncio.wait([self._running])

    async def _drain(self) -> None:
        while self._waiting:
            await self._try(self._next())

    def _next(self) -> list[Entry[T, R]]:
        taken = [self._waiting.popleft()]
        size = taken[0].size
        while self._waiting and len(taken) < MAX_TOGETHER:
            size += self._waiting[0].size
            if size > MAX_BYTES:
                break
            taken.append(self._waiting.popleft())
        return taken

    async def _try(self, entries: list[Entry[T, R]]) -> None:
        try:
            results = await self._commit([entry.value for entry in entries])
        except InvalidError as error:
            if len(entries) == 1:
                _fail(entries, error)
            else:
                for entry in entries:
                    await self._try([entry])
        except Exception as error:
            # The boundary between the requests and the task that serves them all:
            # each of them raises it.
            _fail(entries, error)
        else:
            for entry, result in zip(entries, results, strict=True):
                if not entry.result.done():
                    entry.result.set_result(result)


def _fail(entries: Sequence[Entry[T, R]], error: Exception) -> None:
    for entry in entries:
        if not entry.result.done():
            entry.result.set_exception(error)
            # Its caller may be gone; then nobody else asks for the error.
            entry.result.exception()

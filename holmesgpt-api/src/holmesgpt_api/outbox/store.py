"""Records on disk: written by investigations, read by the sender."""

import os
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass

import structlog

from holmesgpt_api.outbox.errors import OutboxWriteError
from holmesgpt_api.outbox.folder import Folder
from holmesgpt_api.outbox.index import Index, Located
from holmesgpt_api.outbox.metrics import DAMAGED
from holmesgpt_api.outbox.quarantine import Quarantine
from holmesgpt_api.outbox.record import Event, decode, encode
from holmesgpt_api.outbox.recovery import recover
from holmesgpt_api.outbox.writer import Writer

BATCH_EVENTS, BATCH_BYTES = 200, 512 * 1024
log = structlog.get_logger("holmesgpt_api.outbox")


@dataclass(frozen=True)
class Batch:
    """Records that are delivered together, never a part of one."""

    located: list[Located]
    events: list[Event]


class Store:
    """What waits on disk."""

    def __init__(self, folder: Folder, quarantine: Quarantine) -> None:
        self._folder = folder
        self._quarantine = quarantine
        found = recover(folder, quarantine)
        self._index = Index(found.waiting)
        self.writer = Writer(folder, self._index, found.sequence, found.sizes)
        self.lost = 0

    def __len__(self) -> int:
        return len(self._index)

    def put(self, events: list[Event]) -> "Future[None]":
        """Have the events of an investigation written as one record."""
        return self.writer.put(events)

    def size(self) -> int:
        """Bytes of all segments."""
        return sum(list(self.writer.sizes.values()))

    def head(self) -> Batch | None:
        """The next batch; waits for one, and gives None after close when nothing is left."""
        located = self._index.head(BATCH_EVENTS, BATCH_BYTES)
        events = [event for entry in located for event in self._events(entry)]
        return Batch(located, events) if located else None

    def delivered(self, batch: Batch) -> None:
        """Never give these records again; segments that hold no other are removed."""
        last = batch.located[-1]
        self._index.remove(batch.located)
        mark = encode(last.sequence, last.at, b"[]")
        self._attempt(lambda: self._folder.disk.replace(self._folder.sent, mark, durable=False))
        # In this order: a segment that is written to has its records in the index
        # before another one takes its place.
        numbers = list(self.writer.sizes)
        current, oldest = self.writer.current(), self._index.oldest_segment()
        for number in numbers:
            if number != current and (oldest is None or number < oldest):
                self._attempt(self._folder.segment(number).unlink)
                self.writer.sizes.pop(number, None)
        if oldest is None:
            self.writer.retire()

    def close_reading(self) -> None:
        """Let the sender end when it has delivered what is there."""
        self._index.close()

    def _attempt(self, act: Callable[[], object]) -> None:
        """What fails here only makes the next start deliver again what was delivered."""
        try:
            act()
        except OSError as error:
            log.warning("the outbox keeps what was delivered", reason=error.strerror)

    def _events(self, entry: Located) -> list[Event]:
        line = self._read(entry)
        record = decode(line) if line is not None else None
        if record is None:
            self.lost += 1
            DAMAGED.inc()
            log.error("an outbox record cannot be read", sequence=entry.sequence)
            self._keep(entry)
            return []
        return record.events

    def _read(self, entry: Located) -> bytes | None:
        path = self._folder.segment(entry.segment)
        if not path.exists():
            self._heal()
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            return None
        try:
            return os.pread(descriptor, entry.size, entry.offset)
        finally:
            os.close(descriptor)

    def _heal(self) -> None:
        """The writer puts its segment back before it writes, be it nothing, and when it ends."""
        try:
            self.writer.put([]).result()
        except OutboxWriteError as error:
            log.warning("the outbox's segment is gone", reason=str(error))
            self.writer.join_if_closed()

    def _keep(self, entry: Located) -> None:
        path = self._folder.segment(entry.segment)
        if path.exists():
            self._attempt(lambda: self._quarantine.keep(path))

"""The one thread that writes: all that has come meanwhile is made durable with one sync."""

import queue
import threading
import time
from concurrent.futures import Future
from enum import Enum

import structlog

from holmesgpt_api.outbox.errors import OutboxWriteError
from holmesgpt_api.outbox.folder import Folder
from holmesgpt_api.outbox.index import Index, Located
from holmesgpt_api.outbox.record import Event, as_json, encode
from holmesgpt_api.outbox.segment import Segment

SEGMENT_BYTES = 8 * 1024 * 1024
# A segment of this size is given up as soon as all of it is delivered: on a small device,
# or with a small limit, its room would otherwise never be free again.
RETIRE_BYTES = 1024 * 1024
log = structlog.get_logger("holmesgpt_api.outbox")


class Order(Enum):
    """What the writer is asked to do besides writing."""

    RETIRE = "retire"
    END = "end"


class Entry:
    """Events on their way to the disk; `done` ends when they are there."""

    def __init__(self, events: list[Event]) -> None:
        self.count = len(events)
        self.data = as_json(events)
        self.done: Future[None] = Future()


class Writer:
    """Appends entries to segments, each of which ends at a size or with a failed write."""

    def __init__(self, folder: Folder, index: Index, sequence: int, sizes: dict[int, int]) -> None:
        self._folder = folder
        self._index = index
        self._sequence = sequence
        self.sizes = sizes
        self.failure: str | None = None
        self._segment: Segment | None = None
        self._since: float | None = None
        self._closed = False
        self._closing = threading.Lock()
        self._queue: queue.SimpleQueue[Entry | Order] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="outbox-writer", daemon=True)

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def put(self, events: list[Event]) -> "Future[None]":
        """Have the events written; the future ends when they are durable."""
        entry = Entry(events)
        with self._closing:
            if self._closed:
                raise OutboxWriteError("the audit outbox is closed")
            self._queue.put(entry)
        return entry.done

    def busy_seconds(self) -> float:
        """For how long the write under way has lasted."""
        since = self._since
        return 0.0 if since is None else time.monotonic() - since

    def current(self) -> int | None:
        """The number of the segment that is written to."""
        return self._segment.number if self._segment else None

    def retire(self) -> None:
        """Give a large segment up, if nothing in it waits by then."""
        if self.sizes.get(self.current() or 0, 0) >= RETIRE_BYTES:
            self._queue.put(Order.RETIRE)

    def close(self) -> None:
        """Write what is queued, then end."""
        with self._closing:
            self._closed = True
            self._queue.put(Order.END)
        self._thread.join()

    def join_if_closed(self) -> None:
        """Wait for what a close still does."""
        if self._closed:
            self._thread.join()

    def _run(self) -> None:
        last = False
        while not last:
            group = [self._queue.get()]
            while not self._queue.empty():
                group.append(self._queue.get())
            last = Order.END in group
            entries = [entry for entry in group if isinstance(entry, Entry)]
            if entries:
                self._commit(entries)
            if Order.RETIRE in group:
                self._retire()
        if self._segment:
            self._segment.close()
            self._segment = None

    def _commit(self, entries: list[Entry]) -> None:
        self._since = time.monotonic()
        try:
            located = self._write(entries)
        except Exception as error:
            # The boundary of a thread: whoever waits must learn of it, whatever it is.
            self._failed(entries, getattr(error, "strerror", None) or repr(error))
        else:
            self.failure = None
            self._index.add(located)
            for entry in entries:
                entry.done.set_result(None)
        finally:
            self._since = None

    def _write(self, entries: list[Entry]) -> list[Located]:
        segment, at = self._open(), time.time()
        lines = []
        for entry in entries:
            lines.append((self._sequence, encode(self._sequence, at, entry.data), entry.count))
            self._sequence += 1
        offset = segment.append(b"".join(line for _, line, _ in lines))
        self.sizes[segment.number] = segment.size
        located = []
        for sequence, line, count in lines:
            located.append(Located(sequence, segment.number, offset, len(line), count, at))
            offset += len(line)
        return located

    def _retire(self) -> None:
        # Only this thread adds to the index, so what does not wait now never will.
        if self._segment is None or self._index.oldest_segment() is not None:
            return
        segment, self._segment = self._segment, None
        segment.remove()
        self.sizes.pop(segment.number, None)

    def _open(self) -> Segment:
        if not self._folder.intact():
            raise FileNotFoundError(0, "the outbox's folder was removed or replaced")
        if self._segment and self._segment.size >= SEGMENT_BYTES:
            self._segment.close()
            self._segment = None
        if self._segment is None:
            self._segment = Segment(self._folder, self._sequence)
        return self._segment

    def _failed(self, entries: list[Entry], reason: str) -> None:
        if self.failure is None:
            log.error("audit events cannot be written", reason=reason)
        self.failure = reason
        self._sequence += 1
        # One that was removed has its data in the open file only.
        if self._segment and self._segment.intact():
            self._segment.abandon()
            self._segment = None
        for entry in entries:
            entry.done.set_exception(OutboxWriteError(f"the audit trail: {reason}"))

"""The durable audit trail of HAPI.

When HAPI answers, every event of that investigation is on HAPI's disk; each
reaches DataStorage exactly once or is in quarantine with its reason.
"""

import math
from collections.abc import Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from pathlib import Path

from holmesgpt_api.outbox.delivery import Deliver
from holmesgpt_api.outbox.disk import Disk
from holmesgpt_api.outbox.errors import OutboxFullError, OutboxWriteError
from holmesgpt_api.outbox.folder import Folder
from holmesgpt_api.outbox.metrics import BYTES, REFUSED
from holmesgpt_api.outbox.quarantine import Quarantine
from holmesgpt_api.outbox.record import Event
from holmesgpt_api.outbox.sender import FIRST_DELAY, LONGEST_DELAY, Sender
from holmesgpt_api.outbox.space import Space
from holmesgpt_api.outbox.store import Store

# The worst that one investigation may write: texts in its events are bounded.
INVESTIGATION_BYTES = 1024 * 1024
# A device that takes longer has stalled; its callers are told so before the LLM is asked.
STALL_SECONDS = 2.0
COMMIT_SECONDS = 10.0


class Outbox:
    """Takes events, keeps them on disk, and delivers them in the background."""

    def __init__(
        self,
        path: Path,
        deliver: Deliver,
        *,
        max_bytes: int,
        disk: Disk | None = None,
        delays: tuple[float, float] = (FIRST_DELAY, LONGEST_DELAY),
    ) -> None:
        self._folder = Folder(path, disk or Disk())
        self._quarantine = Quarantine(self._folder)
        self._store = Store(self._folder, self._quarantine)
        self._space = Space(self._folder, max_bytes, self.size)
        self._sender = Sender(self._store, self._quarantine, deliver, delays)
        self.closed = False
        BYTES.set_function(self._measured)

    def start(self) -> None:
        """Begin to write and to deliver."""
        self._store.writer.start()
        self._sender.start()

    @contextmanager
    def reservation(self) -> Iterator[None]:
        """Room for one investigation; raises OutboxFullError when there is none."""
        try:
            self._check_writable()
            self._space.reserve(INVESTIGATION_BYTES)
        except OutboxFullError:
            REFUSED.inc()
            raise
        try:
            yield
        finally:
            self._space.release(INVESTIGATION_BYTES)

    def _check_writable(self) -> None:
        if not self._folder.intact():
            raise OutboxFullError("the audit outbox's folder was removed or replaced")
        if self._store.writer.busy_seconds() > STALL_SECONDS:
            raise OutboxFullError("the device of the audit outbox does not answer")
        if self._store.writer.failure:
            # Nobody else would find out that it is writable again.
            try:
                self.commit([], STALL_SECONDS)
            except OutboxWriteError as error:
                raise OutboxFullError(str(error)) from error

    def commit(self, events: list[Event], seconds: float = COMMIT_SECONDS) -> None:
        """Return when the events are durable; raises OutboxWriteError when they may not be."""
        try:
            self._store.put(events).result(seconds)
        except (TimeoutError, CancelledError) as error:
            raise OutboxWriteError(f"the audit trail: not on disk after {seconds:g} s") from error

    def not_ready(self) -> str | None:
        """Why no investigation could begin; None when one could."""
        if self.closed:
            return "the audit outbox is closed"
        if not self._folder.intact():
            return "the audit outbox's folder was removed or replaced"
        failure = self._store.writer.failure
        return f"the audit outbox cannot be written: {failure}" if failure else None

    def degraded(self) -> list[str]:
        """What needs a person although the work goes on."""
        reasons = [f"damaged audit segment {name}" for name in self._quarantine.damaged()]
        if self._store.lost:
            reasons.append(f"{self._store.lost} audit records could not be read")
        return reasons

    def waiting(self) -> int:
        """Records that have not been delivered."""
        return len(self._store)

    def _measured(self) -> float:
        """Bytes for a scrape, which shall tell the rest when the folder is gone."""
        try:
            return self.size()
        except OSError:
            return math.nan

    def size(self) -> int:
        """Bytes on disk."""
        return self._store.size() + self._quarantine.size()

    def close(self, seconds: float) -> None:
        """Write what was committed, deliver for at most so long, leave the rest on disk."""
        self.closed = True
        self._store.writer.close()
        self._store.close_reading()
        # While a delivery is under way nobody else may deliver; the process's end frees the folder.
        if self._sender.close(seconds):
            self._folder.close()
